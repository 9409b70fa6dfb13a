/**
 * The page that shows a table's profile to people. Entry: {@link
 * io.hdl.samples.profile.ProfilePage}. Everything here belongs to the thread that calls it.
 */
@NullMarked
package io.hdl.samples.profile;

import org.jspecify.annotations.NullMarked;
