package io.hdl.core.testing.bad.core.job;

import com.azure.core.credential.AccessToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.sun.jna.Pointer;
import io.hdl.core.testing.bad.core.loop.Loop;
import io.hdl.core.testing.bad.data.series.Store;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/** Breaks most rules at once. */
public class Leaky extends HiddenBase {
  /** A third party's type in a public field. */
  public final ImmutableList<String> names = ImmutableList.of();

  /** A cycle between packages. */
  public Loop loop() {
    return new Loop();
  }

  /** A module above. */
  public Store store() {
    return new Store();
  }

  /** Third parties away from their seam, in a type argument. */
  public List<JsonNode> nodes(Pointer pointer) {
    return List.of();
  }

  /** A type that no user can name. */
  public Hidden hidden() {
    return new Hidden();
  }

  /** Azure away from its seam. */
  public void signIn(AccessToken token) {}

  /** A flag. */
  public void shuffle(boolean really) {
    System.out.println(really);
    Logger.getLogger("leaky").info("said twice");
  }

  /** An optional argument. */
  public void limit(Optional<Integer> rows) {}
}
