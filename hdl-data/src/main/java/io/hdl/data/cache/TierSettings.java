package io.hdl.data.cache;

import java.nio.file.Path;
import java.time.Clock;
import java.util.OptionalLong;

/**
 * How one tier is kept.
 *
 * @param tier which one it is
 * @param folder where it is
 * @param maxBytes its quota
 * @param keepFree bytes that stay free on its disk
 * @param verification what is checked before a file is read
 * @param clock the time
 */
record TierSettings(
    Tier tier,
    Path folder,
    long maxBytes,
    OptionalLong keepFree,
    Verification verification,
    Clock clock) {}
