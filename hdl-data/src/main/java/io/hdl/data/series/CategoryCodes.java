package io.hdl.data.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Codes for the texts of a column: provisional ones in order of arrival while rows come in, then
 * final ones in the order of the texts. Thread-safe.
 */
final class CategoryCodes {
  private final Map<String, Integer> codes = new HashMap<>();
  private final List<String> texts = new ArrayList<>();

  /** Provisional codes of a batch's dictionary. */
  synchronized float[] provisional(List<String> dictionary) {
    float[] found = new float[dictionary.size()];
    for (int i = 0; i < found.length; i++) {
      Integer code = codes.get(dictionary.get(i));
      if (code == null) {
        code = texts.size();
        codes.put(dictionary.get(i), code);
        texts.add(dictionary.get(i));
      }
      found[i] = code;
    }
    return found;
  }

  /** The text of a provisional code. */
  synchronized String text(float provisional) {
    return texts.get((int) provisional);
  }

  /** All texts, sorted; the index of each is its final code. */
  synchronized List<String> sorted() {
    List<String> sorted = new ArrayList<>(texts);
    Collections.sort(sorted);
    return sorted;
  }

  /** The final code for each provisional one. */
  synchronized float[] translation() {
    Map<String, Integer> places = new HashMap<>();
    for (String text : sorted()) {
      places.put(text, places.size());
    }
    float[] translation = new float[texts.size()];
    for (int i = 0; i < translation.length; i++) {
      translation[i] = places.getOrDefault(texts.get(i), -1);
    }
    return translation;
  }
}
