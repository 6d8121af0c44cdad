/** The leat command. */
package io.leat.cli;
