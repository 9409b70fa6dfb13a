package io.hdl.tracking;

import io.hdl.core.identity.Secrets;
import io.hdl.tracking.client.Credentials;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What variables of the environment say about tracking, in the names of MLflow's own clients. */
record MlflowVariables(Map<String, String> values) {
  private static final String INTERVAL = "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL";

  /**
   * How often to tell how busy the machine is.
   *
   * @param interval empty: not at all
   * @param problem what is wrong with a variable
   */
  record Usage(Optional<Duration> interval, Optional<String> problem) {}

  MlflowVariables {
    values = Map.copyOf(values);
  }

  /** Where runs go; empty if that is not said. */
  String address() {
    return value("MLFLOW_TRACKING_URI").orElse("");
  }

  /** The experiment that runs belong to. */
  Optional<String> experiment() {
    return value("MLFLOW_EXPERIMENT_NAME");
  }

  /** Where MLflow's own clients tell nothing unless asked to, a job tells unless asked not to. */
  Usage usage(Duration byDefault) {
    String enabled = value("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING").orElse("true").strip();
    if (enabled.equalsIgnoreCase("false") || enabled.equals("0")) {
      return new Usage(Optional.empty(), Optional.empty());
    }
    Optional<String> seconds = value(INTERVAL);
    if (seconds.isEmpty()) {
      return new Usage(Optional.of(byDefault), Optional.empty());
    }
    long millis = millis(seconds.get().strip());
    return millis > 0
        ? new Usage(Optional.of(Duration.ofMillis(millis)), Optional.empty())
        : new Usage(
            Optional.of(byDefault),
            Optional.of("%s: \"%s\" (expected: seconds > 0)".formatted(INTERVAL, seconds.get())));
  }

  private static long millis(String seconds) {
    try {
      return Math.round(Double.parseDouble(seconds) * 1000);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** A token: itself, or a reference to a secret. */
  Credentials bearer(String token) {
    return Secrets.isReference(token)
        ? Credentials.bearer(Secrets.from(values).resolve(token))
        : Credentials.bearer(token);
  }

  /** A user with a password: itself, or a reference to a secret. */
  Credentials basic(String user, String password) {
    return Secrets.isReference(password)
        ? Credentials.basic(user, Secrets.from(values).resolve(password))
        : Credentials.basic(user, password);
  }

  private Optional<String> value(String name) {
    @Nullable String value = values.get(name);
    return value == null || value.isBlank() ? Optional.empty() : Optional.of(value);
  }
}
