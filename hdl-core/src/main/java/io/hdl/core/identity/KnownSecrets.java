package io.hdl.core.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds secrets in texts without keeping them: of each it holds its length, a rolling hash to look
 * for (Karp and Rabin, Efficient randomized pattern-matching algorithms, IBM J. Res. Dev. 31(2),
 * 1987) and a keyed SHA-256 to be sure. Both keys are drawn anew in every process. Thread-safe.
 */
final class KnownSecrets {
  /** What is known of one secret. */
  private record Print(int length, long rolling, ByteBuffer digest) {}

  /** A stretch of a text, its end left out. */
  private record Span(int from, int to) {}

  private final int most;
  private final Set<Print> inOrder = new LinkedHashSet<>();
  private volatile Map<Integer, Map<Long, Set<ByteBuffer>>> byLength = Map.of();

  /** Drawn when the first secret is known: most starts of a program have none. */
  private static final class Keys {
    static final long BASE;
    static final byte[] DIGEST = new byte[32];

    static {
      SecureRandom random = new SecureRandom();
      BASE = random.nextLong() | 1;
      random.nextBytes(DIGEST);
    }
  }

  /** Keeps the latest {@code most} secrets. */
  KnownSecrets(int most) {
    this.most = most;
  }

  /** Looks for this one from now on. */
  void add(String secret) {
    Print print = new Print(secret.length(), rolling(secret), digestOf(secret));
    synchronized (inOrder) {
      if (!inOrder.add(print)) {
        return;
      }
      if (inOrder.size() > most) {
        inOrder.remove(inOrder.iterator().next());
      }
      byLength = index();
    }
  }

  private Map<Integer, Map<Long, Set<ByteBuffer>>> index() {
    Map<Integer, Map<Long, Set<ByteBuffer>>> next = new TreeMap<>(Comparator.reverseOrder());
    for (Print each : inOrder) {
      next.computeIfAbsent(each.length(), length -> new HashMap<>())
          .computeIfAbsent(each.rolling(), hash -> new HashSet<>())
          .add(each.digest());
    }
    return next;
  }

  /** The text with a mark in place of every known secret. */
  String replace(String text, String mark) {
    List<Span> found = new ArrayList<>();
    byLength.forEach(
        (length, prints) -> {
          if (length <= text.length()) {
            find(text, length, prints, found);
          }
        });
    if (found.isEmpty()) {
      return text;
    }
    found.sort(Comparator.comparingInt(Span::from));
    StringBuilder clean = new StringBuilder();
    int done = 0;
    for (int i = 0; i < found.size(); ) {
      int from = found.get(i).from();
      int to = from;
      while (i < found.size() && found.get(i).from() <= to) {
        to = Math.max(to, found.get(i).to());
        i++;
      }
      clean.append(text, done, from).append(mark);
      done = to;
    }
    return clean.append(text, done, text.length()).toString();
  }

  private void find(String text, int length, Map<Long, Set<ByteBuffer>> prints, List<Span> found) {
    long highest = 1;
    for (int i = 1; i < length; i++) {
      highest *= Keys.BASE;
    }
    long rolling = rolling(text.substring(0, length));
    for (int from = 0; ; from++) {
      Set<ByteBuffer> candidates = prints.get(rolling);
      if (candidates != null
          && candidates.contains(digestOf(text.substring(from, from + length)))) {
        found.add(new Span(from, from + length));
      }
      if (from + length == text.length()) {
        return;
      }
      rolling = (rolling - text.charAt(from) * highest) * Keys.BASE + text.charAt(from + length);
    }
  }

  private long rolling(String text) {
    long hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = hash * Keys.BASE + text.charAt(i);
    }
    return hash;
  }

  private ByteBuffer digestOf(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Keys.DIGEST);
      return ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_16LE)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
