package io.hdl.tracking.delivery;

import io.hdl.core.error.HdlException;
import io.hdl.tracking.client.Artifacts;
import io.hdl.tracking.client.ServerException;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunStart;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.Service;

/** One run at a server, once it is found there. Belongs to one thread. */
final class RunDelivery {
  private final TrackingClient client;
  private final RunStart start;
  private final Service.RunInfo run;
  private final Artifacts artifacts;
  private final DeadLetters letters;
  private final Consumer<String> warning;
  private final LongConsumer setAside;
  private final ModelDelivery models;
  private boolean ended;
  private Item.@Nullable Upload looked;

  /** What a server says about a run. */
  enum Standing {
    /** It takes items. */
    ACTIVE,
    /** Somebody deleted it; it can be restored. */
    DELETED,
    /** It is not there. */
    FORGOTTEN
  }

  /**
   * A run.
   *
   * @param letters keeps what the server refuses for good
   * @param warning takes a text for each such item
   * @param setAside counts such items
   */
  RunDelivery(
      TrackingClient client,
      RunStart start,
      Service.RunInfo run,
      DeadLetters letters,
      Consumer<String> warning,
      LongConsumer setAside) {
    this.client = client;
    this.start = start;
    this.run = run;
    this.artifacts = client.artifacts(run.getArtifactUri());
    this.letters = letters;
    this.warning = warning;
    this.setAside = setAside;
    this.models = new ModelDelivery(client, warning);
  }

  /** What the server says about it. */
  Service.RunInfo run() {
    return run;
  }

  /** How the server stands to the run now. */
  Standing standing(Duration limit) {
    return client
        .runs()
        .get(run.getRunId(), limit)
        .map(
            now ->
                now.getInfo().getLifecycleStage().equals("deleted")
                    ? Standing.DELETED
                    : Standing.ACTIVE)
        .orElse(Standing.FORGOTTEN);
  }

  /** Takes back that the run was deleted. */
  void restore(Duration limit) {
    client.runs().restore(run.getRunId(), limit);
  }

  /**
   * Sends the head and what goes with it.
   *
   * @return how many items that were
   * @throws ServerException if the server refused some of it, or knows no such run
   */
  int deliver(Deque<Item> items, Duration limit) {
    Item head = items.element();
    if (ended) {
      client.runs().reopen(run.getRunId(), limit); // it goes on
      ended = false;
    }
    Batch batch = Batch.head(items);
    for (Batch part : batch.parts()) {
      client.runs().logBatch(run.getRunId(), part.request(run.getRunId()), limit);
    }
    if (!batch.isEmpty()) {
      return batch.items().size();
    }
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
    return 1;
  }

  /**
   * The same again after a refusal that is not the run's fault: ever smaller parts, until what is
   * refused stands alone and is set aside.
   *
   * @param refusal what the server said of the whole
   */
  int deliverSingly(Deque<Item> items, ServerException refusal, Duration limit) {
    Batch batch = Batch.head(items);
    if (batch.isEmpty()) {
      refused(items.element(), refusal);
      return 1;
    }
    for (Batch part : batch.parts()) {
      send(part, limit);
    }
    return batch.items().size();
  }

  private void send(Batch batch, Duration limit) {
    try {
      client.runs().logBatch(run.getRunId(), batch.request(run.getRunId()), limit);
    } catch (ServerException e) {
      if (!e.refusesContent()) {
        throw e;
      }
      if (!batch.isSingle()) {
        send(batch.firstHalf(), limit);
        send(batch.secondHalf(), limit);
      } else if (!(batch.isSingleNaN() && String.valueOf(e.getMessage()).contains("UNIQUE"))
          && !sentShortened(batch.items().get(0), limit)) {
        refused(batch.items().get(0), e);
      }
    }
  }

  /** Older servers take shorter tags than newer ones. */
  private boolean sentShortened(Item item, Duration limit) {
    if (!(item instanceof Item.Tag tag)) {
      return false;
    }
    Item.Tag shorter = tag.cutTo(client.capabilities(limit).longestTag());
    if (shorter.equals(tag)) {
      return false;
    }
    client
        .runs()
        .logBatch(run.getRunId(), new Batch(List.of(shorter)).request(run.getRunId()), limit);
    warning.accept(
        "The value of tag \"%s\" has %d characters; this server keeps the first %d. Log it as an artifact to keep all of it."
            .formatted(tag.key(), tag.value().length(), shorter.value().length()));
    return true;
  }

  private void refused(Item item, HdlException e) {
    String why = String.valueOf(e.getMessage());
    if (item instanceof Item.Param param && why.contains("Changing param values is not allowed")) {
      warning.accept(param.keptFirst());
      return;
    }
    setAside(item, why, "The MLflow server did not take the " + item.title() + ".");
  }

  private void setAside(Item item, String why, String what) {
    setAside.accept(1);
    String kept = "";
    try {
      kept = letters.add(start, item, why).map(file -> " It is kept in " + file + ".").orElse("");
    } catch (HdlException unwritten) {
      warning.accept(String.valueOf(unwritten.getMessage()));
    }
    warning.accept(what + " " + why + kept);
  }

  private void upload(Item.Upload upload, Duration limit) {
    if (!upload.equals(looked)) { // a large file is not read again for every try
      UploadCheck.changed(upload).ifPresent(warning);
      looked = upload;
    }
    files(upload, () -> artifacts.upload(upload.name(), upload.file(), limit));
  }

  /** A model whose files did not all arrive is not registered. */
  private void model(Item.Model model, Duration limit) {
    files(
        model,
        () -> {
          String source = models.deliverFiles(run, start.key(), model, limit);
          model.registration().ifPresent(wanted -> register(model, wanted, source, limit));
        });
  }

  /** A registry may refuse a caller who may write runs; the rest of the run goes on. */
  private void register(Item.Model model, Item.Registration wanted, String source, Duration limit) {
    try {
      models.register(run, start.key(), model, source, limit);
    } catch (HdlException e) {
      if (e.retryable()) {
        throw e;
      }
      setAside(
          model,
          String.valueOf(e.getMessage()),
          "The %s is kept with its run, but not registered as \"%s\"."
              .formatted(model.title(), wanted.model()));
    }
  }

  private void files(Item item, Runnable upload) {
    try {
      upload.run();
    } catch (HdlException e) {
      if (!Artifacts.isFilesFault(e)) {
        throw e;
      }
      refused(item, e);
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
