package io.hdl.tracking.delivery;

import io.hdl.core.json.JsonBuffer;
import io.hdl.tracking.outbox.Item;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Items that go to the server in one {@code log-batch}, or in two: the longest beginning of what
 * waits that holds to the server's limits. NaNs do not travel with other values, because a NaN that
 * is sent again makes the server refuse the whole batch.
 *
 * @param items metrics, params and tags, in order
 */
record Batch(List<Item> items) {
  private static final int MOST_METRICS = 1000;
  private static final int MOST_PARAMS = 100;
  private static final int MOST_TAGS = 100;
  private static final int MOST_ITEMS = 1000;

  /** The server takes a million characters of JSON; what stands around a value is allowed for. */
  private static final int MOST_CHARACTERS = 900_000;

  private static final int CHARACTERS_AROUND = 100;

  Batch {
    items = List.copyOf(items);
  }

  /** The first batch of what waits; empty if the head of the queue is no item for a batch. */
  static Batch head(Iterable<Item> waiting) {
    List<Item> items = new ArrayList<>();
    int metrics = 0;
    int params = 0;
    int tags = 0;
    long characters = 0;
    for (Item item : waiting) {
      if (item instanceof Item.Metric metric) {
        if (++metrics > MOST_METRICS) {
          break;
        }
        characters += metric.key().length();
      } else if (item instanceof Item.Param param) {
        if (++params > MOST_PARAMS) {
          break;
        }
        characters += size(param.key()) + size(param.value());
      } else if (item instanceof Item.Tag tag) {
        if (++tags > MOST_TAGS) {
          break;
        }
        characters += size(tag.key()) + size(tag.value());
      } else {
        break;
      }
      characters += CHARACTERS_AROUND;
      if (!items.isEmpty() && (items.size() == MOST_ITEMS || characters > MOST_CHARACTERS)) {
        break;
      }
      items.add(item);
    }
    return new Batch(items);
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** What is sent in one request each: everything else first, then what is not a number. */
  List<Batch> parts() {
    List<Item> nans = items.stream().filter(Batch::isNaN).toList();
    if (nans.isEmpty() || nans.size() == items.size()) {
      return items.isEmpty() ? List.of() : List.of(this);
    }
    return List.of(
        new Batch(items.stream().filter(item -> !isNaN(item)).toList()), new Batch(nans));
  }

  boolean isSingle() {
    return items.size() == 1;
  }

  /** Whether it is one value that is not a number. */
  boolean isSingleNaN() {
    return isSingle() && isNaN(items.get(0));
  }

  Batch firstHalf() {
    return new Batch(items.subList(0, items.size() / 2));
  }

  Batch secondHalf() {
    return new Batch(items.subList(items.size() / 2, items.size()));
  }

  /**
   * The request, as mlflow-client's message has it in JSON. Written directly: by way of the message
   * it takes ten times as long, and a busy run logs 100,000 values a second.
   */
  ByteBuffer request(String runId) {
    JsonBuffer json = new JsonBuffer(100 + CHARACTERS_AROUND * items.size());
    json.beginObject().text("run_id", runId);
    metrics(json);
    pairs(json, "params", Item.Param.class, Item.Param::key, Item.Param::value);
    pairs(json, "tags", Item.Tag.class, Item.Tag::key, Item.Tag::value);
    return json.endObject().toBuffer();
  }

  private void metrics(JsonBuffer json) {
    if (items.stream().noneMatch(Item.Metric.class::isInstance)) {
      return;
    }
    json.beginArray("metrics");
    for (Item item : items) {
      if (item instanceof Item.Metric metric) {
        json.beginObject().text("key", metric.key()).number("value", metric.value());
        json.number("timestamp", metric.timestamp()).number("step", metric.step()).endObject();
      }
    }
    json.endArray();
  }

  private <T extends Item> void pairs(
      JsonBuffer json,
      String name,
      Class<T> kind,
      Function<T, String> key,
      Function<T, String> value) {
    if (items.stream().noneMatch(kind::isInstance)) {
      return;
    }
    json.beginArray(name);
    for (Item item : items) {
      if (kind.isInstance(item)) {
        T pair = kind.cast(item);
        json.beginObject().text("key", key.apply(pair)).text("value", value.apply(pair));
        json.endObject();
      }
    }
    json.endArray();
  }

  private static boolean isNaN(Item item) {
    return item instanceof Item.Metric metric && Double.isNaN(metric.value());
  }

  /** Characters in JSON: a quote, a control character or the like takes up to six. */
  private static int size(String text) {
    int size = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20
          || c == '"'
          || c == '\\'
          || c == '<'
          || c == '>'
          || c == '&'
          || c == '='
          || c == '\''
          || (c >= 0x7F && c < 0xA0)
          || c == 0x2028
          || c == 0x2029) {
        size += 5;
      }
    }
    return size;
  }
}
