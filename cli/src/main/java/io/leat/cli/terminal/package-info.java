/** What the commands see of the outside: streams, terminal or not, tables, reports and JSON. */
package io.leat.cli.terminal;
