/**
 * What admin tools ask of a cluster, answered for one broker: where partitions lie and how large
 * they are, and that nothing moves, is elected, joins or leaves. Errors are the ones that Apache
 * Kafka gives a cluster of one for the same request.
 */
@NullMarked
package io.leat.broker.cluster;

import org.jspecify.annotations.NullMarked;
