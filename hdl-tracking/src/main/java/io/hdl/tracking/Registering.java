package io.hdl.tracking;

import io.hdl.core.error.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What models are registered as.
 *
 * @param model name of the registered model
 * @param aliases what stands for the newest version that the gate allowed
 */
record Registering(String model, List<String> aliases) {
  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_ALIAS = 255;

  Registering {
    aliases = List.copyOf(aliases);
  }

  /** Adds what a registry would refuse. */
  void check(Problems problems) {
    problems.require(
        !model.isBlank() && model.chars().noneMatch(c -> c == '/' || c == ':'),
        () ->
            "register: \"%s\" (expected: a name that is not blank, without / and :)"
                .formatted(model));
    problems.require(
        model.length() <= LONGEST_NAME,
        () ->
            "register: a name of %d characters (expected: at most %d)"
                .formatted(model.length(), LONGEST_NAME));
    Set<String> seen = new HashSet<>();
    for (String alias : aliases) {
      problems.require(
          alias.matches("[\\w-]{1," + LONGEST_ALIAS + "}")
              && !alias.matches("[vV]\\d+")
              && !alias.equalsIgnoreCase("latest"),
          () ->
              "register: the alias \"%s\" (expected: letters, digits, _ and -, not \"latest\" and no version such as v1)"
                  .formatted(alias));
      problems.require(
          seen.add(alias),
          () -> "register: the alias \"%s\" twice (expected: once)".formatted(alias));
    }
  }
}
