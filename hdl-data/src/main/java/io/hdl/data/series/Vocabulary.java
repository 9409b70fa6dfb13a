package io.hdl.data.series;

import java.util.HashSet;
import java.util.List;

/**
 * Texts of a column that have codes already, for instance those that a model was trained with: the
 * code of a text is its index here, in whatever version of the table it stands. A value; immutable.
 *
 * <pre>{@code
 * List<String> texts = trained.channels().get(3).categories();
 * SeriesSpec spec = sales.vocabulary("weather", Vocabulary.of(texts).unseenMissing());
 * }</pre>
 *
 * @param texts each once, in the order of their codes
 * @param unseen what becomes of a text that is not among them
 */
public record Vocabulary(List<String> texts, Unseen unseen) {
  /** What becomes of a text that a vocabulary does not have. */
  public enum Unseen {
    /** It takes a code behind those of the vocabulary; new texts are sorted among themselves. */
    APPENDED,
    /** It counts as a missing value; how many there are is told. */
    MISSING
  }

  /** Copies the texts, each of which may occur once. */
  public Vocabulary {
    texts = List.copyOf(texts);
    HashSet<String> seen = new HashSet<>();
    for (String text : texts) {
      if (!seen.add(text)) {
        throw new IllegalArgumentException(
            "vocabulary: \"" + text + "\" twice (expected: each text once)");
      }
    }
  }

  /** Texts in the order of their codes; others are appended. */
  public static Vocabulary of(List<String> texts) {
    return new Vocabulary(texts, Unseen.APPENDED);
  }

  /** The same texts; others count as missing. */
  public Vocabulary unseenMissing() {
    return new Vocabulary(texts, Unseen.MISSING);
  }

  /** Identifies it: how many texts, a hash over them in order, what becomes of others. */
  String identity() {
    long hash = StableHash.BEGIN;
    for (String text : texts) {
      hash = StableHash.add(hash, text);
    }
    return texts.size() + " texts " + StableHash.hex(hash) + ", others " + unseen;
  }
}
