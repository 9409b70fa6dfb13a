package io.hdl.data.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Codes for the texts of a column: provisional ones in order of arrival while rows come in, then
 * final ones: those of a vocabulary if there is one, behind them new texts in their order.
 * Thread-safe.
 */
final class CategoryCodes {
  private final List<String> known;
  private final boolean fixed;
  private final Map<String, Integer> codes = new HashMap<>();
  private final List<String> texts = new ArrayList<>();
  private final LongAdder unseen = new LongAdder();

  /** Codes for a column, with a vocabulary or without. */
  CategoryCodes(@Nullable Vocabulary vocabulary) {
    this.known = vocabulary == null ? List.of() : vocabulary.texts();
    this.fixed = vocabulary != null && vocabulary.unseen() == Vocabulary.Unseen.MISSING;
    for (String text : known) {
      codes.put(text, texts.size());
      texts.add(text);
    }
  }

  /** Provisional codes of a batch's dictionary; NaN for a text that counts as missing. */
  synchronized float[] provisional(List<String> dictionary) {
    float[] found = new float[dictionary.size()];
    for (int i = 0; i < found.length; i++) {
      Integer code = codes.get(dictionary.get(i));
      if (code == null && fixed) {
        found[i] = Float.NaN;
        continue;
      }
      if (code == null) {
        code = texts.size();
        codes.put(dictionary.get(i), code);
        texts.add(dictionary.get(i));
      }
      found[i] = code;
    }
    return found;
  }

  /** Counts values that are not in the vocabulary and count as missing. */
  void addUnseen(long values) {
    unseen.add(values);
  }

  long unseen() {
    return unseen.sum();
  }

  /** The text of a provisional code. */
  synchronized String text(float provisional) {
    return texts.get((int) provisional);
  }

  /** All texts; the index of each is its final code. */
  synchronized List<String> ordered() {
    List<String> ordered = new ArrayList<>(texts);
    Collections.sort(ordered.subList(known.size(), ordered.size()));
    return ordered;
  }

  /** The final code for each provisional one. */
  synchronized float[] translation() {
    Map<String, Integer> places = new HashMap<>();
    for (String text : ordered()) {
      places.put(text, places.size());
    }
    float[] translation = new float[texts.size()];
    for (int i = 0; i < translation.length; i++) {
      translation[i] = places.getOrDefault(texts.get(i), -1);
    }
    return translation;
  }
}
