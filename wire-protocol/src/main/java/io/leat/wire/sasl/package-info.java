/** What both sides of a SASL exchange compute. Depends on no other package of this project. */
package io.leat.wire.sasl;
