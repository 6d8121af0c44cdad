package io.leat.client;

import java.util.OptionalLong;

/**
 * How far a share group has come in a partition.
 *
 * @param start the first record that is not done with, where delivery begins
 * @param lag how many records are not done with; empty from brokers that do not count them
 */
public record ShareOffset(long start, OptionalLong lag) {}
