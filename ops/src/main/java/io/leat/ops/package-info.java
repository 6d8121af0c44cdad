/** The HTTP plane beside the broker: health and metrics. */
package io.leat.ops;
