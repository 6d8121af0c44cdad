package io.leat.cli.demo;

import io.leat.cli.command.ClientOptions;
import io.leat.cli.command.CommandFailure;
import io.leat.cli.command.ExitCode;
import io.leat.cli.command.Progress;
import io.leat.cli.command.StopSignal;
import io.leat.cli.terminal.Report;
import io.leat.cli.terminal.Table;
import io.leat.cli.terminal.Terminal;
import io.leat.client.Admin;
import io.leat.client.ConnectionException;
import io.leat.client.GroupListing;
import io.leat.client.NewTopic;
import io.leat.client.Producer;
import io.leat.client.ProducerOptions;
import io.leat.client.RecordMetadata;
import io.leat.client.Serializer;
import io.leat.client.TopicListing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leat demo}. */
@Command(
        name = "demo",
        description = {
            "Play 20,000 real flights through the broker, keyed by airport into 6 partitions. A",
            "group of two members reads them into a model of delays by airport; then another group",
            "reads them again from the start, and the two models are compared."
        },
        footer = {
            "%nThe topic leat-demo-flights and the groups leat-demo and leat-demo-replay are made"
                    + " anew each time",
            "and left there to look at.",
            "%nExit code 1 if the two models differ."
        })
public final class DemoCommand implements Callable<Integer> {
    static final String TOPIC = "leat-demo-flights";
    static final String GROUP = "leat-demo";
    static final String REPLAY_GROUP = "leat-demo-replay";

    private static final int PARTITIONS = 6;
    private static final int MEMBERS = 2;
    private static final Duration STALLED = Duration.ofSeconds(30);
    private static final int FLIGHTS_MIN = 50;
    private static final int ROWS = 10;

    private final Terminal terminal;

    @Mixin private ClientOptions options;

    public DemoCommand(Terminal terminal) {
        this.terminal = terminal;
        this.options = new ClientOptions(terminal);
    }

    @Override
    public Integer call() {
        try (StopSignal stop = StopSignal.install(() -> {})) {
            return play(stop);
        } catch (ConnectionException e) {
            throw options.unreachable(e);
        }
    }

    private int play(StopSignal stop) {
        List<Event> events = events();
        options.withAdmin(DemoCommand::prepare);
        say(
                "Playing %,d flights of 2001 into %s: %d partitions, keyed by airport of origin."
                        .formatted(events.size(), TOPIC, PARTITIONS));
        AirportDelays model = new AirportDelays();
        Pass live = pass("Flights", GROUP, model, events, stop);
        say(live.sentence("Sent and read"));
        say("");
        say(
                "Most delayed, in minutes, of the airports with %d flights or more:"
                        .formatted(FLIGHTS_MIN));
        List<AirportDelay> top = model.latest(FLIGHTS_MIN, ROWS);
        if (!options.isJson()) {
            options.output().show(table(top));
        }
        say("");
        say("Replaying from the start, in the new group %s.".formatted(REPLAY_GROUP));
        AirportDelays replayed = new AirportDelays();
        Pass replay = pass("Replay", REPLAY_GROUP, replayed, List.of(), stop);
        say(replay.sentence("Read"));
        long differences = differences(model, replayed);
        if (differences > 0) {
            throw new CommandFailure(
                    "The replay gave another model: %d airports differ".formatted(differences));
        }
        report(model, top, live, replay);
        return ExitCode.OK;
    }

    private static List<Event> events() {
        return FlightSample.lines().stream()
                .map(line ->
                        new Event(
                                Flight.parse(line.getBytes(StandardCharsets.UTF_8)).origin(), line))
                .toList();
    }

    /** Clears away what an earlier demo has left. */
    private static boolean prepare(Admin admin) {
        List<GroupListing> groups =
                admin.listGroups().stream()
                        .filter(group -> List.of(GROUP, REPLAY_GROUP).contains(group.groupId()))
                        .toList();
        for (GroupListing group : groups) {
            if (!admin.describeGroup(group.groupId()).members().isEmpty()) {
                throw new CommandFailure(
                        "A demo is running: the group "
                                + group.groupId()
                                + " has members; try again when it has ended");
            }
            admin.deleteGroup(group.groupId());
        }
        if (admin.listTopics().stream().map(TopicListing::name).anyMatch(TOPIC::equals)) {
            admin.deleteTopic(TOPIC);
        }
        admin.createTopic(NewTopic.of(TOPIC, PARTITIONS));
        return true;
    }

    /** Sends the events, and reads with a group until the model has seen all that are there. */
    private Pass pass(
            String task, String group, AirportDelays model, List<Event> events, StopSignal stop) {
        long start = System.nanoTime();
        try (FlightReaders readers =
                        FlightReaders.start(options.connection(), group, TOPIC, model, MEMBERS);
                Progress progress = progress(task)) {
            Runnable step =
                    () -> {
                        check(stop);
                        progress.at(model.flights());
                    };
            readers.await(readers::allOwnSome, step, STALLED);
            send(events, step);
            readers.await(() -> model.flights() >= FlightSample.COUNT, step, STALLED);
            return new Pass(readers.shares(), (System.nanoTime() - start) / 1e9);
        }
    }

    private static void check(StopSignal stop) {
        if (stop.isRequested()) {
            throw new CommandFailure("Interrupted");
        }
    }

    private Progress progress(String task) {
        return terminal.errIsTerminal()
                ? Progress.ofCount(task, FlightSample.COUNT, terminal.err())
                : Progress.none();
    }

    private void send(List<Event> events, Runnable step) {
        if (events.isEmpty()) {
            return;
        }
        ProducerOptions settings = ProducerOptions.builder(options.connection()).build();
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<String, String> producer =
                Producer.connect(settings, Serializer.utf8(), Serializer.utf8())) {
            for (Event event : events) {
                sent.add(producer.send(TOPIC, event.key(), event.value()));
                if (sent.size() % 100 == 0) {
                    step.run();
                }
            }
            producer.flush();
        }
        try {
            sent.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static long differences(AirportDelays model, AirportDelays replayed) {
        Map<String, AirportDelay> one = model.byAirport();
        Map<String, AirportDelay> other = replayed.byAirport();
        Set<String> airports = new HashSet<>(one.keySet());
        airports.addAll(other.keySet());
        return airports.stream()
                .filter(airport -> !Objects.equals(one.get(airport), other.get(airport)))
                .count();
    }

    private void report(AirportDelays model, List<AirportDelay> top, Pass live, Pass replay) {
        int airports = model.byAirport().size();
        options.output()
                .done(
                        "The same model again: %,d airports, %,d flights.%n%n"
                                        .formatted(airports, model.flights())
                                + "Look around:%n".formatted()
                                + "  leat groups describe %s%n".formatted(GROUP)
                                + "  leat consume %s --from-beginning --max 5".formatted(TOPIC),
                        new Report()
                                .fact("Topic", "topic", TOPIC)
                                .fact("Flights", "flights", model.flights())
                                .fact("Airports", "airports", airports)
                                .fact("Seconds", "seconds", live.seconds())
                                .fact("Replay seconds", "replaySeconds", replay.seconds())
                                .fact("Same model", "same", true)
                                .table("Members", "members", members(live))
                                .table("Most delayed", "mostDelayed", table(top)));
    }

    private static Table<FlightReaders.Share> members(Pass pass) {
        return Table.of(pass.shares())
                .number("MEMBER", "member", FlightReaders.Share::member)
                .text("PARTITIONS", "partitions", FlightReaders.Share::partitions)
                .number("FLIGHTS", "flights", FlightReaders.Share::flights);
    }

    private static Table<AirportDelay> table(List<AirportDelay> airports) {
        return Table.of(airports)
                .text("AIRPORT", "airport", AirportDelay::airport)
                .number("FLIGHTS", "flights", AirportDelay::flights)
                .number(
                        "MEAN DELAY",
                        "meanDelayMinutes",
                        row -> Math.round(row.meanMinutes() * 10) / 10.0)
                .number("WORST DELAY", "worstDelayMinutes", AirportDelay::worstMinutes);
    }

    private void say(String sentence) {
        if (!options.isJson()) {
            terminal.line(sentence);
            terminal.flush();
        }
    }

    private record Event(String key, String value) {}

    /** One reading of the topic. */
    private record Pass(List<FlightReaders.Share> shares, double seconds) {
        String sentence(String verb) {
            StringBuilder text = new StringBuilder("%s in %.1f s:".formatted(verb, seconds));
            for (FlightReaders.Share share : shares) {
                text.append(share.member() == 1 ? " " : ", ")
                        .append(
                                "member %d %,d flights of partitions %s"
                                        .formatted(
                                                share.member(),
                                                share.flights(),
                                                share.partitions()));
            }
            return text.append('.').toString();
        }
    }
}
