/** The broker's composition root: the only place that picks implementations. */
package io.leat.broker;
