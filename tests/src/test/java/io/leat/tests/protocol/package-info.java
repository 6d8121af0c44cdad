/** The protocol byte by byte: what is advertised, and what is no protocol at all. */
package io.leat.tests.protocol;
