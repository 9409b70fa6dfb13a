package io.hdl.tracking.outbox;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

/**
 * The part of the log that is being delivered, in memory: for each run its items in order. What it
 * holds is bounded. Belongs to the sender's thread.
 */
final class Window {
  private static final long MOST_CHARACTERS = 4 << 20;

  private final Map<Integer, Lane> lanes = new LinkedHashMap<>();
  private long to;
  private int size;
  private long characters;

  /** Where an item stands in the log, when it was written, and about how much room it takes. */
  private record Mark(long place, long time, int characters) {}

  /** What waits of one run. */
  static final class Lane {
    private final int run;
    private final Deque<Item> items = new ArrayDeque<>();
    private final Deque<Mark> marks = new ArrayDeque<>();
    private int others;
    private long firstOther = Long.MAX_VALUE;

    private Lane(int run) {
      this.run = run;
    }

    int run() {
      return run;
    }

    /** The items, from which a destination removes. */
    Deque<Item> items() {
      return items;
    }

    /** Whether something is to be offered. */
    boolean isWaiting() {
      return others > 0 || !items.isEmpty();
    }

    /** How many entries wait, with those that are no items. */
    int size() {
      return others + items.size();
    }
  }

  /** An empty window whose end is a place of the log. */
  Window(long to) {
    this.to = to;
  }

  /** The place up to which the log was looked at. */
  long to() {
    return to;
  }

  /** How many entries wait. */
  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** What waits of the run that came first. */
  Lane first() {
    return lanes.values().iterator().next();
  }

  /**
   * Reads on until the window holds a number of entries, or the log's end.
   *
   * @param until the place at which to stop
   * @param delivered the place before which everything of a run is delivered
   * @param odd hears of records that are not understood
   */
  void extend(
      LogReader reader, int most, long until, IntToLongFunction delivered, Consumer<String> odd)
      throws IOException {
    while (size < most && characters < MOST_CHARACTERS && to < until && reader.next()) {
      to = reader.nextPlace();
      if (reader.kind() == EntryCodec.TIME) {
        continue;
      }
      int run = reader.run();
      if (reader.place() < delivered.applyAsLong(run)) {
        continue;
      }
      Lane lane = lanes.computeIfAbsent(run, Lane::new);
      Object entry = reader.entry().orElse(null);
      if (entry instanceof Item item) {
        Mark mark = new Mark(reader.place(), reader.time(), size(item));
        lane.items.add(item);
        lane.marks.add(mark);
        characters += mark.characters();
      } else {
        if (!(entry instanceof RunStart)) {
          odd.accept(
              "An entry of the tracking log was left out, because this release does not know its kind.");
        }
        lane.others++;
        lane.firstOther = Math.min(lane.firstOther, reader.place());
      }
      size++;
    }
  }

  /**
   * Forgets what a destination has taken over.
   *
   * @param before what the lane's size was before
   * @return how many entries that were
   */
  int delivered(Lane lane, int before) {
    while (lane.marks.size() > lane.items.size()) {
      characters -= lane.marks.remove().characters();
    }
    lane.others = 0;
    lane.firstOther = Long.MAX_VALUE;
    int count = before - lane.size();
    size -= count;
    if (!lane.isWaiting()) {
      lanes.remove(lane.run);
    }
    return count;
  }

  /** The place before which everything of a lane is delivered. */
  long deliveredTo(Lane lane) {
    Mark first = lane.marks.peek();
    return Math.min(lane.firstOther, first == null ? to : first.place());
  }

  /** The place before which everything of all lanes is delivered. */
  long deliveredTo() {
    long first = to;
    for (Lane lane : lanes.values()) {
      first = Math.min(first, deliveredTo(lane));
    }
    return first;
  }

  /** About when the oldest item was written, milliseconds since 1970; 0 if there is none. */
  long oldest() {
    long oldest = 0;
    for (Lane lane : lanes.values()) {
      Mark first = lane.marks.peek();
      if (first != null && (oldest == 0 || first.time() < oldest)) {
        oldest = first.time();
      }
    }
    return oldest;
  }

  private static int size(Item item) {
    if (item instanceof Item.Param param) {
      return param.value().length();
    }
    if (item instanceof Item.Tag tag) {
      return tag.value().length();
    }
    return 100;
  }
}
