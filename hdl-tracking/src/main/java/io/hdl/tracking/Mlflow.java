package io.hdl.tracking;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.Secrets;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.job.Tracker;
import io.hdl.core.run.RunRecord;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps runs in MLflow: at a tracking server, or without one in a directory that MLflow's own UI
 * reads. Immutable and thread-safe.
 *
 * <pre>{@code
 * Mlflow.fromEnvironment()                               // MLFLOW_TRACKING_URI; not set: mlruns in the home directory
 * Mlflow.at("https://mlflow.example.com").experiment("demand")
 * Mlflow.at("/mnt/share/mlruns")
 * }</pre>
 *
 * <p>Training never waits for a server. What a run reports goes through a queue in memory to a log
 * in the run's directory ({@code outbox}) and from there to the server; when the server has
 * everything the log is removed. While the server does not answer, the run goes on, one warning
 * says so, and what waits is delivered when it answers again: within the run, by its next attempt,
 * by the next job of the same home that tracks at that server, or by {@link RunSync}. A directory
 * needs no such log: its files are one.
 *
 * <p>What is guaranteed: what a run reported is with the operating system at most 50 ms later, and
 * survives the death of the process. On the wire it goes at least once, in MLflow it is once.
 * Metric values alone are thinned, and counted in a warning, if more come than the disk takes, or
 * than the log's bound of 1 GiB holds. An infinite metric value is kept by a server as the largest
 * double of its sign, by a directory as it is; NaN is kept by both. Of a param the first value
 * stays.
 *
 * <p>A job is a run; its stages {@code data} and {@code train}, and whatever {@link
 * TrackedRun#nested} names, are runs below it.
 */
public final class Mlflow implements Tracker {
  private static final int LONGEST_NAME = 500;
  private static final Duration USAGE_INTERVAL = Duration.ofSeconds(10);

  /** What was chosen; never changed once it is in a {@link Mlflow}. */
  private static final class Choices {
    private String address = "";
    private Optional<String> experiment = Optional.empty();
    private Optional<Credentials> credentials = Optional.empty();
    private Map<String, String> environment = Map.of();
    private Duration flush = Duration.ofSeconds(60);
    private Optional<Duration> usage = Optional.of(USAGE_INTERVAL);
    private Optional<String> usageProblem = Optional.empty();
    private Optional<Registering> registering = Optional.empty();

    private Choices copy() {
      Choices copy = new Choices();
      copy.address = address;
      copy.experiment = experiment;
      copy.credentials = credentials;
      copy.environment = environment;
      copy.flush = flush;
      copy.usage = usage;
      copy.usageProblem = usageProblem;
      copy.registering = registering;
      return copy;
    }
  }

  private final Choices chosen;

  private Mlflow(Choices chosen) {
    this.chosen = chosen;
  }

  private Mlflow with(Consumer<Choices> change) {
    Choices changed = chosen.copy();
    change.accept(changed);
    return new Mlflow(changed);
  }

  /**
   * What the environment says, as for MLflow's own clients: {@code MLFLOW_TRACKING_URI} (not set: a
   * directory {@code mlruns} in hdl's home directory), {@code MLFLOW_EXPERIMENT_NAME} (not set: the
   * job's name), {@code MLFLOW_TRACKING_USERNAME} with {@code MLFLOW_TRACKING_PASSWORD}, or {@code
   * MLFLOW_TRACKING_TOKEN}; for workspaces the variables of Databricks and Azure, see {@link
   * TrackingServer#of(String, Map)}. Password and token may be references such as {@code
   * secret://mlflow-token}, resolved as by {@link Secrets#fromEnvironment} when they are needed.
   * And {@code MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING=false} to leave out how busy the machine is,
   * {@code MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL} for how many seconds lie between two readings.
   */
  public static Mlflow fromEnvironment() {
    return from(System.getenv());
  }

  /** The same from given variables. */
  static Mlflow from(Map<String, String> environment) {
    MlflowVariables variables = new MlflowVariables(environment);
    MlflowVariables.Usage usage = variables.usage(USAGE_INTERVAL);
    return in(environment, variables.address())
        .with(
            choices -> {
              choices.experiment = variables.experiment();
              choices.usage = usage.interval();
              choices.usageProblem = usage.problem();
            });
  }

  /**
   * A server ({@code http:}, {@code https:}), a workspace ({@code databricks}, {@code
   * databricks://profile}, {@code azureml:}) or a directory ({@code file:} or a path). Credentials
   * come from the environment, see {@link TrackingServer#of(String, Map)}, or stand in the address
   * as {@code user:password@}.
   */
  public static Mlflow at(String address) {
    return in(System.getenv(), address);
  }

  /** A server or a directory; see {@link #at(String)}. */
  public static Mlflow at(URI address) {
    return at(address.toString());
  }

  private static Mlflow in(Map<String, String> environment, String address) {
    Choices choices = new Choices();
    choices.address = address;
    choices.environment = Map.copyOf(environment);
    return new Mlflow(choices);
  }

  /**
   * The experiment that runs belong to; by default it has the job's name. In a Databricks workspace
   * it has to be named, by its absolute path such as {@code /Shared/demand}.
   */
  public Mlflow experiment(String name) {
    return with(choices -> choices.experiment = Optional.of(name));
  }

  /** Shows the server a bearer token: the token itself, or a reference {@code secret://...}. */
  public Mlflow token(String token) {
    return with(new MlflowVariables(System.getenv()).bearer(token));
  }

  /** Shows the server a bearer token, revealed for each request. */
  public Mlflow token(Secret token) {
    return with(Credentials.bearer(token));
  }

  /**
   * Shows the server a user and a password: the password itself, or a reference {@code
   * secret://...}.
   */
  public Mlflow login(String user, String password) {
    return with(new MlflowVariables(System.getenv()).basic(user, password));
  }

  /** Shows the server a user and a password, revealed for each request. */
  public Mlflow login(String user, Secret password) {
    return with(Credentials.basic(user, password));
  }

  /**
   * Shows the server tokens of an identity, renewed as they expire, so that no static secret is
   * needed: for servers that take Microsoft Entra ID's tokens, by themselves or through a proxy.
   *
   * @param identity whose tokens, such as {@code AzureCredentials.fromEnvironment()}
   * @param scope what they are for: the server's application id and {@code /.default}
   */
  public Mlflow credential(TokenSource identity, String scope) {
    return with(Credentials.tokens(identity, scope));
  }

  private Mlflow with(Credentials credentials) {
    return with(choices -> choices.credentials = Optional.of(credentials));
  }

  /**
   * How long the end of a run may wait for the server to take what is outstanding; 60 s by default.
   * A run with large artifacts on a slow link needs more. A run that is stopped before its end
   * waits at most 10 s, so that its process ends within its grace period; the rest is delivered
   * when the run goes on.
   */
  public Mlflow flushWithin(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("flushWithin: " + limit + " (expected: > 0)");
    }
    return with(choices -> choices.flush = limit);
  }

  /**
   * How often the run is told how busy the machine is, as metrics below {@code system/}: every 10 s
   * by default.
   */
  public Mlflow systemMetricsEvery(Duration interval) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("systemMetricsEvery: " + interval + " (expected: > 0)");
    }
    return with(choices -> choices.usage = Optional.of(interval));
  }

  /** Leaves out how busy the machine is. */
  public Mlflow withoutSystemMetrics() {
    return with(choices -> choices.usage = Optional.empty());
  }

  /**
   * Registers the job's model as the next version of a registered model, with the alias {@code
   * champion}, if the quality gate of its result lets it pass. What the gate does not let pass is
   * not registered: a notice and the tag {@code hdl.registration} say why. Python then loads it by
   * {@code mlflow.pyfunc.load_model("models:/demand-forecast@champion")}.
   *
   * <p>Registration happens at servers alone, like all delivery in the background. A version that
   * is delivered late does not take the alias from one whose model was made later.
   *
   * @param model name of the registered model, made if it is new; without {@code /} and {@code :}
   */
  public Mlflow register(String model) {
    return register(model, List.of("champion"));
  }

  /**
   * The same with other aliases.
   *
   * @param aliases what then stands for this version; may be empty
   */
  public Mlflow register(String model, List<String> aliases) {
    Registering wanted = new Registering(model, aliases);
    return with(choices -> choices.registering = Optional.of(wanted));
  }

  @Override
  public Optional<Duration> usageInterval() {
    return chosen.usage;
  }

  @Override
  public void check(Problems problems) {
    checkWhereAndWho(problems);
    chosen.registering.ifPresent(wanted -> wanted.check(problems));
    if (location() instanceof Location.Server server && server.server().namesExperimentsByPath()) {
      String name = chosen.experiment.orElse("");
      problems.require(
          name.startsWith("/"),
          () ->
              "experiment: %s (expected for the Databricks workspace %s: the absolute path of an experiment, such as /Shared/demand or /Users/me@example.com/demand; experiment(...) or MLFLOW_EXPERIMENT_NAME says it)"
                  .formatted(
                      name.isEmpty() ? "the job's name" : "\"" + name + "\"", server.server()));
    }
    chosen.experiment.ifPresent(
        name -> {
          problems.require(
              !name.isBlank(), () -> "experiment: a blank name (expected: at least one letter)");
          problems.require(
              name.length() <= LONGEST_NAME,
              () ->
                  "experiment: a name of %d characters (expected: at most %d)"
                      .formatted(name.length(), LONGEST_NAME));
        });
  }

  private void checkWhereAndWho(Problems problems) {
    if (location() instanceof Location.Unusable unusable) {
      problems.add(unusable.problem());
    }
    chosen.usageProblem.ifPresent(problems::add);
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("tracker", "mlflow");
    settings.put("mlflow.uri", location().toString());
    settings.put("mlflow.experiment", chosen.experiment.orElse("the job's name"));
    chosen.registering.ifPresent(
        wanted -> {
          settings.put("mlflow.register", wanted.model());
          settings.put("mlflow.aliases", String.join(",", wanted.aliases()));
        });
    return settings;
  }

  @Override
  public TrackedRun open(RunRecord run, JobContext context) {
    Problems problems = new Problems();
    check(problems);
    problems.throwIfAny("Mlflow");
    String name = chosen.experiment.orElse(run.job());
    Location location = location();
    JobTracking tracking;
    if (location instanceof Location.Server server) {
      tracking = JobTracking.atServer(server.server(), name, run, context);
    } else {
      Path runs =
          location instanceof Location.Directory directory
              ? directory.path()
              : context.directory().home().resolve("mlruns");
      tracking = JobTracking.inDirectory(runs, name, run, context);
    }
    return MlflowRun.of(tracking, chosen.flush, chosen.registering, run);
  }

  /**
   * The server that it names.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if it names none, or cannot be
   *     used
   */
  TrackingServer requireServer() {
    Problems problems = new Problems();
    checkWhereAndWho(problems); // runs that are there already name their experiments
    problems.throwIfAny("Mlflow");
    if (location() instanceof Location.Server server) {
      return server.server();
    }
    throw new HdlException(
        ErrorCode.INVALID_SETTINGS,
        "Runs are delivered to a server, but %s is none (expected: the address of a server, such as https://mlflow.example.com)."
            .formatted(location()));
  }

  private Location location() {
    return Location.of(chosen.address, chosen.credentials, chosen.environment);
  }

  /** Where and how it tracks, without secrets. */
  @Override
  public String toString() {
    return "Mlflow[" + location() + chosen.experiment.map(name -> ", " + name).orElse("") + "]";
  }
}
