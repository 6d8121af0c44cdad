package io.leat.wire.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a record the schema of a message: its components, in order, are the fields. Records nested
 * in it, named in its components, are its structs and need no annotation.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Message {
    /** For {@link #flexibleFrom}: no version is flexible. */
    short NEVER = Short.MAX_VALUE;

    /** The lowest version. */
    short from();

    /** The highest version. */
    short to();

    /** The first version with compact lengths and tagged fields (KIP-482). */
    short flexibleFrom() default NEVER;
}
