package io.leat.storage.local;

import io.leat.storage.api.Damage;
import java.io.IOException;

/** Part of a log is damaged: what is to be fenced off, and nothing else. */
final class DamageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    DamageException(Damage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    Damage damage() {
        return damage;
    }
}
