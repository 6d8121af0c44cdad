/**
 * What the rooms above may ask of a log store: small, engine-neutral, asynchronous.
 *
 * <p>Nothing in here names files, so that a distributed engine or an object-store archive can stand
 * behind the same interfaces. Every engine passes {@code LogStoreContract}.
 */
package io.leat.storage.api;
