package io.hdl.tracking.delivery;

import io.hdl.core.error.HdlException;
import io.hdl.tracking.client.Artifacts;
import io.hdl.tracking.client.ServerException;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.outbox.Item;
import java.time.Duration;
import java.util.Deque;
import java.util.function.Consumer;
import org.mlflow.api.proto.Service;

/** One run at a server, once it is found there. Belongs to one thread. */
final class RunDelivery {
  private final TrackingClient client;
  private final Service.RunInfo run;
  private final Artifacts artifacts;
  private final Consumer<String> warning;
  private final ModelDelivery models;
  private final String key;
  private long setAside;
  private boolean ended;

  /**
   * A run.
   *
   * @param key what tells the run from all others, wherever they are
   * @param warning takes a text for each item that the server refuses for good
   */
  RunDelivery(TrackingClient client, String key, Service.RunInfo run, Consumer<String> warning) {
    this.client = client;
    this.run = run;
    this.artifacts = client.artifacts(run.getArtifactUri());
    this.warning = warning;
    this.key = key;
    this.models = new ModelDelivery(client, warning);
  }

  /** What the server says about it. */
  Service.RunInfo run() {
    return run;
  }

  long setAside() {
    return setAside;
  }

  /** Sends the head and what goes with it; tells how many items that were. */
  int deliver(Deque<Item> items, Duration limit) {
    Item head = items.element();
    if (ended) {
      client.runs().reopen(run.getRunId(), limit); // it goes on
      ended = false;
    }
    Batch batch = Batch.head(items);
    if (!batch.isEmpty()) {
      send(run.getRunId(), batch, limit);
      return batch.items().size();
    }
    try {
      if (head instanceof Item.Input input) {
        client.runs().logInputs(inputs(run.getRunId(), input), limit);
      } else if (head instanceof Item.Upload upload) {
        upload(upload, limit);
      } else if (head instanceof Item.Model model) {
        model(model, limit);
      } else if (head instanceof Item.End end) {
        client.runs().end(run.getRunId(), status(end.status()), end.time(), limit);
        ended = true;
      }
    } catch (ServerException e) {
      if (!e.refusesContent()) {
        throw e;
      }
      refused(head, e);
    }
    return 1;
  }

  private void send(String runId, Batch batch, Duration limit) {
    try {
      client.runs().logBatch(batch.message(runId), limit);
    } catch (ServerException e) {
      if (!e.refusesContent()) {
        throw e;
      }
      if (!batch.isSingle()) {
        send(runId, batch.firstHalf(), limit);
        send(runId, batch.secondHalf(), limit);
      } else if (!(batch.isSingleNaN() && String.valueOf(e.getMessage()).contains("UNIQUE"))) {
        refused(batch.items().get(0), e);
      }
    }
  }

  private void refused(Item item, ServerException e) {
    String why = String.valueOf(e.getMessage());
    if (item instanceof Item.Param param && why.contains("Changing param values is not allowed")) {
      warning.accept(param.keptFirst());
      return;
    }
    setAside++;
    warning.accept("The MLflow server did not take the %s. %s".formatted(item.title(), why));
  }

  private void upload(Item.Upload upload, Duration limit) {
    files(() -> artifacts.upload(upload.name(), upload.file(), limit));
  }

  /** A model whose files did not all arrive is not registered. */
  private void model(Item.Model model, Duration limit) {
    files(
        () -> {
          String source = models.deliverFiles(run, key, model, limit);
          model.registration().ifPresent(wanted -> register(model, wanted, source, limit));
        });
  }

  /** A registry may refuse a caller who may write runs; the rest of the run goes on. */
  private void register(Item.Model model, Item.Registration wanted, String source, Duration limit) {
    try {
      models.register(run, key, model, source, limit);
    } catch (HdlException e) {
      if (e.retryable()) {
        throw e;
      }
      setAside++;
      warning.accept(
          "The %s is kept with its run, but not registered as \"%s\". %s"
              .formatted(model.title(), wanted.model(), e.getMessage()));
    }
  }

  private void files(Runnable upload) {
    try {
      upload.run();
    } catch (HdlException e) {
      if (!Artifacts.isFilesFault(e)) {
        throw e;
      }
      setAside++;
      warning.accept(String.valueOf(e.getMessage()));
      for (Throwable other : e.getSuppressed()) {
        warning.accept(String.valueOf(other.getMessage()));
      }
    }
  }

  private static Service.LogInputs inputs(String runId, Item.Input input) {
    Service.DatasetInput.Builder dataset =
        Service.DatasetInput.newBuilder()
            .setDataset(
                Service.Dataset.newBuilder()
                    .setName(input.name())
                    .setDigest(input.digest())
                    .setSourceType(input.sourceType())
                    .setSource(input.source())
                    .setProfile(input.profile()));
    input
        .tags()
        .forEach(
            (key, value) ->
                dataset.addTags(Service.InputTag.newBuilder().setKey(key).setValue(value)));
    return Service.LogInputs.newBuilder().setRunId(runId).addDatasets(dataset).build();
  }

  private static Service.RunStatus status(Item.EndStatus status) {
    return switch (status) {
      case FINISHED -> Service.RunStatus.FINISHED;
      case FAILED -> Service.RunStatus.FAILED;
      case KILLED -> Service.RunStatus.KILLED;
    };
  }
}
