package io.hdl.core.identity;

import io.hdl.core.HybridJob;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.event.JobEvent;
import io.hdl.core.event.JobListener;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Opened;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.job.Tracker;
import io.hdl.core.job.Trained;
import io.hdl.core.job.Trainer;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.run.RunEnd;
import io.hdl.core.run.RunRecord;
import io.hdl.core.testing.EntraEmulator;
import io.hdl.core.testing.LoopbackHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that runs jobs whose source, trainer, tracker and listener tell every secret that they
 * know wherever they can: in settings, facts, provenance, notices, tags, failures. Arguments: the
 * home directory and a folder of secret files.
 */
final class LeakyJob {
  private static final Logger LOG = LoggerFactory.getLogger(LeakyJob.class);
  private static final String TENANT = "aaaaaaaa-1111-2222-3333-444444444444";
  private static final String CLIENT = "bbbbbbbb-1111-2222-3333-444444444444";

  /** How a job ends. */
  enum Ending {
    WELL,
    SOURCE_FAILS,
    TRAINER_FAILS,
    TRACKER_FAILS,
    CANCELLED
  }

  private LeakyJob() {}

  public static void main(String[] arguments) throws IOException {
    Path home = Path.of(arguments[0]);
    List<String> secrets = known(Path.of(arguments[1]));
    for (Ending ending : Ending.values()) {
      try {
        HybridJob.named("leaky-" + ending.name().toLowerCase(java.util.Locale.ROOT))
            .data(new Source(secrets, ending))
            .train(new Talker(secrets, ending))
            .track(new Diary(secrets, ending))
            .listener(new Gossip(secrets))
            .home(home)
            .build()
            .run();
        System.out.println("ended well");
      } catch (RuntimeException e) {
        System.out.println("ended " + e.getMessage());
        e.printStackTrace();
      }
    }
    try {
      HybridJob.named("unbuilt")
          .data(new Source(secrets, Ending.WELL))
          .train(new Talker(secrets, Ending.WELL))
          .track(new Unusable(secrets))
          .home(home)
          .build();
    } catch (RuntimeException e) {
      System.out.println("ended " + e.getMessage());
      e.printStackTrace();
    }
  }

  /** Every secret, by the ways on which a job comes to know one; each is used once as usual. */
  private static List<String> known(Path folder) throws IOException {
    List<String> known = new ArrayList<>();
    Secrets secrets = Secrets.of(SecretProvider.files(folder), SecretProvider.environment());
    known.add(secrets.resolve("secret://in-a-file").reveal());
    known.add(secrets.resolve("secret://in-a-variable").reveal());
    known.add(System.getenv("MLFLOW_TRACKING_PASSWORD"));
    known.add(System.getenv("HDL_ABFS_ACCOUNT_KEY"));
    String clientSecret = secrets.resolve("secret://client").reveal();
    known.add(clientSecret);
    known.add(vaultSecret(secrets));
    try (EntraEmulator entra = EntraEmulator.of(TENANT, CLIENT)) {
      entra
          .secret(clientSecret)
          .tokens(Files.readString(folder.resolve("token-prefix")), Duration.ofHours(1))
          // Answers that echo what they were sent.
          .first(LoopbackHttp.Answer.json(503, "{\"echo\":\"" + clientSecret + "\"}"))
          .first(
              LoopbackHttp.Answer.json(
                  429,
                  "{\"error\":\"busy\",\"error_description\":\"client_secret="
                      + clientSecret
                      + "\"}"));
      LoopbackAzure client = new LoopbackAzure(entra.uri());
      TokenSource tokens =
          new AzureIdentities(Map.of(), () -> client, () -> client, quick())
              .clientSecret(TENANT, CLIENT, secrets.resolve("secret://client"), "a test")
              .cached();
      known.add(tokens.token(TokenProbe.SCOPE).value());
      entra.first(
          LoopbackHttp.Answer.json(
              401,
              "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: not "
                  + clientSecret
                  + "\"}"));
      try {
        tokens.token(List.of("https://vault.azure.net/.default"));
      } catch (HdlException e) {
        LOG.error("The refusal that was asked for", e);
      }
    }
    return known;
  }

  /** A field of HashiCorp Vault, after an answer that echoes the token that it was shown. */
  private static String vaultSecret(Secrets secrets) {
    Secret token = secrets.resolve("secret://vault-token");
    String value = secrets.resolve("secret://in-the-vault").reveal();
    try (LoopbackHttp vault =
        LoopbackHttp.serving(
            asked ->
                asked.path().endsWith("/refused")
                    ? LoopbackHttp.Answer.json(
                        403,
                        "{\"errors\":[\"not " + asked.header("x-vault-token").orElse("") + "\"]}")
                    : LoopbackHttp.Answer.json(
                        200, "{\"data\":{\"data\":{\"value\":\"" + value + "\"}}}"))) {
      SecretProvider provider = SecretProvider.hashicorpVault(vault.uri(), VaultLogin.token(token));
      try {
        provider.find("refused");
      } catch (HdlException e) {
        LOG.error("The refusal that was asked for", e);
      }
      return Secrets.of(provider).resolve("secret://entry").reveal();
    }
  }

  private static RetryPolicy quick() {
    return RetryPolicy.builder()
        .firstDelay(Duration.ofMillis(1))
        .maxDelay(Duration.ofMillis(2))
        .build();
  }

  private static Map<String, String> told(String where, List<String> secrets) {
    Map<String, String> told = new LinkedHashMap<>();
    for (int i = 0; i < secrets.size(); i++) {
      told.put(where + "." + i, "it is " + secrets.get(i) + " for sure");
    }
    return told;
  }

  private static HdlException failure(String where, List<String> secrets) {
    IOException cause = new IOException("sent " + String.join(" and ", secrets));
    cause.addSuppressed(new IllegalStateException("closing with " + secrets.get(0)));
    return new HdlException(
        ErrorCode.REFUSED_BY_SERVICE, where + " refused " + String.join(", ", secrets), cause);
  }

  /** A source that tells. */
  private record Source(List<String> secrets, Ending ending) implements DataSource<String> {
    @Override
    public void check(Problems problems) {}

    @Override
    public Map<String, String> settings() {
      return told("source", secrets);
    }

    @Override
    public Opened<String> open(JobContext context) {
      secrets.forEach(secret -> context.notice("opening with " + secret));
      if (ending == Ending.SOURCE_FAILS) {
        throw failure("the lake", secrets);
      }
      DataProvenance provenance =
          new DataProvenance(
              "sales",
              "https://user:" + secrets.get(0) + "@host/sales?sig=" + secrets.get(1),
              1,
              Instant.EPOCH,
              "id",
              List.of("value"),
              told("specification", secrets),
              1,
              1);
      return new Opened<>("data", provenance, told("fact", secrets));
    }
  }

  /** A trainer that tells. */
  private record Talker(List<String> secrets, Ending ending) implements Trainer<String, String> {
    @Override
    public void check(Problems problems) {}

    @Override
    public Map<String, String> settings() {
      return told("trainer", secrets);
    }

    @Override
    public Trained<String> train(String data, JobContext context) {
      secrets.forEach(secret -> context.warning("training with " + secret));
      context.tracking().tags(told("tag", secrets));
      context.tracking().params(told("param", secrets));
      context
          .events()
          .publish(
              new JobEvent.EpochFinished(
                  context.clock().instant(), 1, 1, 1, Map.of("loss", 1.0), Duration.ZERO));
      if (ending == Ending.TRAINER_FAILS) {
        throw new IllegalStateException("with " + secrets, failure("the trainer", secrets));
      }
      if (ending == Ending.CANCELLED) {
        context.cancellation().request("because of " + secrets);
        context.cancellation().throwIfRequested();
      }
      return new Trained<>(
          "model",
          new Evaluation("test", Scores.NONE, Scores.NONE, Map.of(), 1, 1),
          GateDecision.notJudged("a test"),
          List.of());
    }
  }

  /** A tracker whose settings are refused. */
  private record Unusable(List<String> secrets) implements Tracker {
    @Override
    public void check(Problems problems) {
      secrets.forEach(secret -> problems.add("tracker: " + secret + " (expected: another)"));
    }

    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public TrackedRun open(RunRecord run, JobContext context) {
      throw new IllegalStateException();
    }
  }

  /** A tracker that writes down what it is given, below the home directory, and tells. */
  private record Diary(List<String> secrets, Ending ending) implements Tracker {
    @Override
    public void check(Problems problems) {}

    @Override
    public Map<String, String> settings() {
      return told("tracker", secrets);
    }

    @Override
    public TrackedRun open(RunRecord run, JobContext context) {
      Path file = context.directory().root().resolve("diary.txt");
      write(file, run.toString());
      return new DiaryRun(file, secrets, ending);
    }
  }

  private static void write(Path file, String line) {
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record DiaryRun(Path file, List<String> secrets, Ending ending) implements TrackedRun {
    @Override
    public String id() {
      return "diary";
    }

    @Override
    public Optional<String> link() {
      return Optional.of("https://host/run?token=" + secrets.get(0));
    }

    @Override
    public void metric(String key, double value, long step) {
      throw failure("the tracker", secrets);
    }

    @Override
    public TrackedRun nested(String name) {
      return this;
    }

    @Override
    public void params(Map<String, String> params) {
      write(file, "params " + params);
    }

    @Override
    public void tags(Map<String, String> tags) {
      write(file, "tags " + tags);
    }

    @Override
    public void input(DataProvenance data) {
      write(file, "input " + data);
    }

    @Override
    public void artifact(Artifact artifact) {
      write(file, "artifact " + artifact);
    }

    @Override
    public void model(TrackedModel model) {
      write(file, "model " + model);
    }

    @Override
    public void finish(RunEnd end) {
      write(file, "finish " + end);
      if (ending == Ending.TRACKER_FAILS) {
        throw failure("the tracker's end", secrets);
      }
    }

    @Override
    public void close() {}
  }

  /** A listener that prints what it hears and fails loudly. */
  private record Gossip(List<String> secrets) implements JobListener {
    @Override
    public void on(JobEvent event) {
      System.out.println("heard " + event);
      throw new IllegalStateException("heard too much: " + secrets);
    }

    @Override
    public String toString() {
      return "Gossip";
    }
  }
}
