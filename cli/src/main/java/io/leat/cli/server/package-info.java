/** {@code leat server}: a broker and its HTTP plane in this process. */
package io.leat.cli.server;
