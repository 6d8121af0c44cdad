package io.leat.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between the rooms, and who may touch what. ARCHITECTURE.md draws the same picture. */
class ArchitectureTest {
    private static JavaClasses leat;

    @BeforeAll
    static void readClasses() {
        leat =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .withImportOption(location -> !location.contains("-tests.jar"))
                        .withImportOption(location -> !location.contains("/tests/target/"))
                        .importPackages("io.leat");
    }

    @Test
    void roomsDependOnlyInTheDirectionsDrawn() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.leat..")
                .layer("wire")
                .definedBy("io.leat.wire..")
                .layer("storage")
                .definedBy("io.leat.storage..")
                .optionalLayer("compaction")
                .definedBy("io.leat.compaction..")
                .layer("broker")
                .definedBy("io.leat.broker..")
                .layer("ops")
                .definedBy("io.leat.ops..")
                .layer("client")
                .definedBy("io.leat.client..")
                .layer("cli")
                .definedBy("io.leat.cli..")
                .whereLayer("wire")
                .mayNotAccessAnyLayer()
                .whereLayer("storage")
                .mayOnlyAccessLayers("wire")
                .whereLayer("compaction")
                .mayOnlyAccessLayers("wire", "storage")
                .whereLayer("broker")
                .mayOnlyAccessLayers("wire", "storage", "compaction")
                .whereLayer("ops")
                .mayOnlyAccessLayers("broker")
                .whereLayer("client")
                .mayOnlyAccessLayers("wire")
                .whereLayer("cli")
                .mayOnlyAccessLayers("client", "ops", "broker", "wire")
                .check(leat);
    }

    @Test
    void storageKnowsRecordBatchesButNoMessages() {
        noClasses()
                .that()
                .resideInAnyPackage("io.leat.storage..", "io.leat.compaction..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.leat.wire.message..", "io.leat.wire.schema..")
                .because(
                        "the log stores batches as they came; what a request looked like is the"
                                + " broker's concern")
                .check(leat);
    }

    @Test
    void storageApiKnowsNoEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.leat.storage.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.leat.storage.local..", "io.leat.storage.rocks..")
                .because("other engines will stand behind the same interface")
                .check(leat);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("io.leat.(**)").should().beFreeOfCycles().check(leat);
    }

    @Test
    void nettyStaysInNetworkPackages() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.leat..network..", "io.leat.ops.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .because("what a request means must be testable without sockets")
                .check(leat);
    }

    @Test
    void rocksDbStaysBehindOnePackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.leat.storage.rocks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .because("StateStore is the contract; the library behind it is a detail")
                .check(leat);
    }

    @Test
    void onlyTheCompositionRootPicksEngines() {
        DescribedPredicate<JavaClass> engines =
                resideInAnyPackage("io.leat.storage.local..", "io.leat.storage.rocks..");
        noClasses()
                .that()
                .resideInAPackage("io.leat..")
                .and(describe("are not Broker", c -> !isWithin(c, "io.leat.broker.Broker")))
                .and(DescribedPredicate.not(resideInAPackage("io.leat.storage..")))
                .and(DescribedPredicate.not(resideInAPackage("io.leat.compaction..")))
                .should()
                .dependOnClassesThat(engines)
                .because("who uses a log must work with every engine")
                .check(leat);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.leat.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because(
                        "a library that prints cannot be used by a program that has something to"
                                + " say; log instead")
                .check(leat);
    }

    @Test
    void officialClientIsAnOracleAndNoDependency() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .because("Leat speaks the protocol itself")
                .check(leat);
    }

    @TestFactory
    List<DynamicTest> namesSayWhatAThingIs() {
        return List.of(
                banned(
                        "Manager",
                        "it says that something is done, but not what is held or decided"),
                banned(
                        "Util|Utils|Helper|Helpers",
                        "it collects what has no home; give each its home"),
                banned("Impl", "name what sets this implementation apart"),
                banned("Base", "prefer composition; a shared supertype has a name of its own"));
    }

    private static DynamicTest banned(String endings, String reason) {
        ArchRule rule =
                classes()
                        .that()
                        .areNotAnonymousClasses()
                        .should()
                        .haveNameNotMatching(".*[a-z](" + endings + ")(\\$.*)?")
                        .because(reason);
        return DynamicTest.dynamicTest("no " + endings, () -> rule.check(leat));
    }

    private static boolean isWithin(JavaClass type, String name) {
        return Pattern.matches(Pattern.quote(name) + "(\\$.*)?", type.getName());
    }
}
