/**
 * Topology as code: what a file says that there shall be, what there is, and the steps from the one
 * to the other.
 *
 * <pre>
 * topics:
 *   orders:
 *     partitions: 6
 *     configs:
 *       retention.ms: 86400000
 * groups:
 *   billing:
 *     configs:
 *       consumer.session.timeout.ms: 45000
 * quotas:
 *   - user: alice                      # &lt;default&gt; stands for everybody without his own
 *     client-id: loader
 *     producer_byte_rate: 1048576
 * users:
 *   alice: {password: "${env:ALICE_PASSWORD}"}   # set while there is no alice; or ${file:PATH}
 * acls:
 *   - principal: User:alice
 *     topic: orders-                   # or group, transactional-id, user; or cluster: true
 *     prefixed: true
 *     operations: [read, write]        # deny: true and host: ADDRESS where they are meant
 * </pre>
 *
 * A section that is not in the file is none of its business. Of a topic, group or entity that is in
 * the file all settings are: one that the file does not name goes back to its default.
 */
@NullMarked
package io.leat.cli.topology;

import org.jspecify.annotations.NullMarked;
