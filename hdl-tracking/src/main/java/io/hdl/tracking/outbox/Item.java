package io.hdl.tracking.outbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thing that a run reports. Times are frozen when the item is made. */
public sealed interface Item {
  /** What it is called in a sentence. */
  default String title() {
    if (this instanceof Metric metric) {
      return "metric \"" + metric.key() + "\"";
    }
    if (this instanceof Param param) {
      return "param \"" + param.key() + "\"";
    }
    if (this instanceof Tag tag) {
      return "tag \"" + tag.key() + "\"";
    }
    if (this instanceof Input input) {
      return "dataset \"" + input.name() + "\"";
    }
    if (this instanceof Upload upload) {
      return "artifact \"" + upload.name() + "\"";
    }
    if (this instanceof Model model) {
      return "model \"" + model.name() + "\"";
    }
    return "end of the run";
  }

  /**
   * A value of a metric.
   *
   * @param timestamp milliseconds since 1970
   */
  record Metric(String key, double value, long timestamp, long step) implements Item {}

  /** A setting; the first value of a key stays. */
  record Param(String key, String value) implements Item {
    private static final int SHOWN = 200;

    /** What people are told when the run has another value of this key already. */
    public String keptFirst() {
      return "Param \"%s\" keeps its first value; MLflow does not change it to \"%s\"."
          .formatted(key, value.length() > SHOWN ? value.substring(0, SHOWN) + "..." : value);
    }
  }

  /** A fact; the last value of a key stays. */
  record Tag(String key, String value) implements Item {
    /** The same tag with at most so many characters of its value, no surrogate pair cut in half. */
    public Tag cutTo(int longest) {
      return new Tag(key, ItemRules.shorten(value, longest));
    }
  }

  /**
   * A dataset that the run reads.
   *
   * @param name short name
   * @param digest what tells two states of the dataset apart, at most 36 characters
   * @param sourceType MLflow's name of the kind of source
   * @param source where the data lies, a JSON object
   * @param profile counts, a JSON object
   * @param tags facts about the use of the data
   */
  record Input(
      String name,
      String digest,
      String sourceType,
      String source,
      String profile,
      Map<String, String> tags)
      implements Item {
    /** Copies the tags. */
    public Input {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * A file or folder to keep with the run, by reference: it has to stay where it is until it is
   * delivered. The log turns a folder into one upload for each of its files.
   *
   * @param name path below the run's artifacts, with forward slashes
   * @param file where it lies on this machine
   * @param print what the file was like when it was put in; the outbox takes it
   */
  record Upload(String name, Path file, Optional<FilePrint> print) implements Item {
    /** A file or folder as a run reports it. */
    public Upload(String name, Path file) {
      this(name, file, Optional.empty());
    }
  }

  /**
   * A model in MLflow's layout, by reference: its folder has to stay as it is until it is
   * delivered.
   *
   * @param name path below the run's artifacts, or the model's name where the server keeps models
   *     on their own
   * @param folder where it lies on this machine
   * @param registration what the registry is told; empty if the model is kept with the run alone
   */
  record Model(String name, Path folder, Optional<Registration> registration) implements Item {}

  /**
   * What the registry is told about a model.
   *
   * @param model name of the registered model
   * @param aliases names that shall point to this version; empty where a gate forbids them
   * @param tags facts about this version
   */
  record Registration(String model, List<String> aliases, Map<String, String> tags) {
    /** Copies the collections. */
    public Registration {
      aliases = List.copyOf(aliases);
      tags = Map.copyOf(tags);
    }
  }

  /**
   * The run's end.
   *
   * @param time milliseconds since 1970
   */
  record End(EndStatus status, long time) implements Item {}

  /** How a run ends, in MLflow's words. */
  enum EndStatus {
    /** As planned. */
    FINISHED,
    /** By an error. */
    FAILED,
    /** Stopped before its end. */
    KILLED
  }
}
