package io.hdl.tracking;

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
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
 * <p>Training never waits for a server. What a run reports goes through a queue in memory to a copy
 * in the run's directory ({@code outbox/mlruns}, the layout that MLflow's UI reads) and from there
 * to the server; when the server has everything the copy is removed. While the server does not
 * answer, the run goes on, one warning says so, and what waits is delivered when it answers again.
 * What it has not taken by the end stays in the copy, complete, with a warning that says where it
 * lies and how to look at it; the run's next attempt delivers it.
 *
 * <p>What is guaranteed: what a run reported is in the copy at most some 50 ms later (while no call
 * to the server is in progress; else when that call ends, at most some 40 s), and survives the
 * death of the process. Metric values alone are thinned, and counted in a warning, if more than
 * 65,536 of them wait for the disk. An infinite metric value is kept by a server as the largest
 * double of its sign, by a directory as it is; NaN is kept by both. Of a param the first value
 * stays.
 */
public final class Mlflow implements Tracker {
  private static final Duration FLUSH = Duration.ofSeconds(60);
  private static final int LONGEST_NAME = 500;

  private final String address;
  private final Optional<String> experiment;
  private final Optional<Credentials> credentials;
  private final Optional<String> credentialProblem;
  private final Duration flush;
  private final Optional<Registering> registering;

  private Mlflow(
      String address,
      Optional<String> experiment,
      Optional<Credentials> credentials,
      Optional<String> credentialProblem,
      Duration flush,
      Optional<Registering> registering) {
    this.address = address;
    this.experiment = experiment;
    this.credentials = credentials;
    this.credentialProblem = credentialProblem;
    this.flush = flush;
    this.registering = registering;
  }

  /**
   * What the environment says, as for MLflow's own clients: {@code MLFLOW_TRACKING_URI} (not set: a
   * directory {@code mlruns} in hdl's home directory), {@code MLFLOW_EXPERIMENT_NAME} (not set: the
   * job's name), {@code MLFLOW_TRACKING_USERNAME} with {@code MLFLOW_TRACKING_PASSWORD}, or {@code
   * MLFLOW_TRACKING_TOKEN}. Password and token may be references such as {@code
   * secret://mlflow-token}, resolved as by {@link Secrets#fromEnvironment} when they are needed.
   */
  public static Mlflow fromEnvironment() {
    return from(System.getenv());
  }

  /** The same from given variables. */
  static Mlflow from(Map<String, String> environment) {
    Mlflow mlflow =
        withCredentials(value(environment, "MLFLOW_TRACKING_URI").orElse(""), environment);
    return value(environment, "MLFLOW_EXPERIMENT_NAME").map(mlflow::experiment).orElse(mlflow);
  }

  /**
   * A server ({@code http:}, {@code https:}) or a directory ({@code file:} or a path). Credentials
   * come from the environment, as for {@link #fromEnvironment}, or stand in the address as {@code
   * user:password@}.
   */
  public static Mlflow at(String address) {
    return withCredentials(address, System.getenv());
  }

  /** A server or a directory; see {@link #at(String)}. */
  public static Mlflow at(URI address) {
    return at(address.toString());
  }

  private static Mlflow withCredentials(String address, Map<String, String> environment) {
    Optional<String> user = value(environment, "MLFLOW_TRACKING_USERNAME");
    Optional<String> password = value(environment, "MLFLOW_TRACKING_PASSWORD");
    Optional<String> token = value(environment, "MLFLOW_TRACKING_TOKEN");
    Optional<Credentials> credentials = Optional.empty();
    Optional<String> problem = Optional.empty();
    try {
      if (user.isPresent() && password.isPresent()) {
        credentials = Optional.of(basic(user.get(), password.get(), environment));
      } else if (token.isPresent()) {
        credentials = Optional.of(bearer(token.get().strip(), environment));
      } else if (user.isPresent()) {
        problem =
            Optional.of("MLFLOW_TRACKING_USERNAME is set (expected: MLFLOW_TRACKING_PASSWORD too)");
      }
    } catch (IllegalArgumentException | HdlException e) {
      String variable = user.isPresent() ? "MLFLOW_TRACKING_PASSWORD" : "MLFLOW_TRACKING_TOKEN";
      problem = Optional.of(variable + ": " + e.getMessage());
    }
    return new Mlflow(address, Optional.empty(), credentials, problem, FLUSH, Optional.empty());
  }

  private static Credentials bearer(String token, Map<String, String> environment) {
    return Secrets.isReference(token)
        ? Credentials.bearer(Secrets.from(environment).resolve(token))
        : Credentials.bearer(token);
  }

  private static Credentials basic(String user, String password, Map<String, String> environment) {
    return Secrets.isReference(password)
        ? Credentials.basic(user, Secrets.from(environment).resolve(password))
        : Credentials.basic(user, password);
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    @Nullable String value = environment.get(name);
    return value == null || value.isBlank() ? Optional.empty() : Optional.of(value);
  }

  /** The experiment that runs belong to; by default it has the job's name. */
  public Mlflow experiment(String name) {
    return new Mlflow(
        address, Optional.of(name), credentials, credentialProblem, flush, registering);
  }

  /** Shows the server a bearer token: the token itself, or a reference {@code secret://...}. */
  public Mlflow token(String token) {
    return with(bearer(token, System.getenv()));
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
    return with(basic(user, password, System.getenv()));
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
    return new Mlflow(
        address, experiment, Optional.of(credentials), Optional.empty(), flush, registering);
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
    return new Mlflow(address, experiment, credentials, credentialProblem, limit, registering);
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
    return new Mlflow(
        address,
        experiment,
        credentials,
        credentialProblem,
        flush,
        Optional.of(new Registering(model, aliases)));
  }

  @Override
  public void check(Problems problems) {
    registering.ifPresent(wanted -> wanted.check(problems));
    Location location = location();
    if (location instanceof Location.Unusable unusable) {
      problems.add(unusable.problem());
    }
    if (location instanceof Location.Server) {
      credentialProblem.ifPresent(problems::add);
    }
    experiment.ifPresent(
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

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("tracker", "mlflow");
    settings.put("mlflow.uri", location().toString());
    settings.put("mlflow.experiment", experiment.orElse("the job's name"));
    registering.ifPresent(
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
    return openAt(location(), run, context);
  }

  private TrackedRun openAt(Location location, RunRecord run, JobContext context)
      throws HdlException {
    String name = experiment.orElse(run.job());
    if (location instanceof Location.Server server) {
      return MlflowRun.atServer(server.server(), name, flush, registering, run, context);
    }
    return MlflowRun.inDirectory(
        location instanceof Location.Directory directory
            ? directory.path()
            : context.directory().home().resolve("mlruns"),
        name,
        flush,
        registering,
        run,
        context);
  }

  private Location location() {
    return Location.of(address, credentials);
  }

  /** Where and how it tracks, without secrets. */
  @Override
  public String toString() {
    return "Mlflow[" + location() + experiment.map(name -> ", " + name).orElse("") + "]";
  }
}
