package io.hdl.core.identity;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Secrets in environment variables. */
final class EnvironmentSecrets implements SecretProvider {
  private static final String PREFIX = "HDL_SECRET_";

  private final Map<String, String> variables;

  EnvironmentSecrets(Map<String, String> variables) {
    this.variables = variables;
  }

  @Override
  public Optional<String> find(String name) {
    String variable = PREFIX + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return Optional.ofNullable(variables.get(variable)).filter(value -> !value.isEmpty());
  }

  @Override
  public String description() {
    return "environment variables " + PREFIX + "...";
  }
}
