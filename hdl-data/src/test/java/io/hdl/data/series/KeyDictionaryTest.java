package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDictionaryTest {
  private static final List<KeyBytes.Part> PARTS =
      List.of(KeyBytes.Part.INTEGER, KeyBytes.Part.TEXT);

  private record Key(long number, String text) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byNumber = Long.compare(number, other.number);
      return byNumber != 0 ? byNumber : text.compareTo(other.text);
    }

    KeyBytes bytes() {
      return new KeyBytes().integer(number).text(text);
    }
  }

  private static Key random(Random random) {
    long[] numbers = {0, 1, -1, 256, -256, Long.MAX_VALUE, Long.MIN_VALUE, random.nextLong()};
    char[] chars = {0, 1, 'a', 'b', 0x7E, 0x7F, 0x80, 0x7FE, 0x7FF, 0xD83D, 0xDE00, 0xFFFE, 0xFFFF};
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(5); left > 0; left--) {
      text.append(chars[random.nextInt(chars.length)]);
    }
    return new Key(numbers[random.nextInt(numbers.length)], text.toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void numbersFindsAndSortsAnyKeys(long seed) {
    Random random = new Random(seed);
    KeyDictionary dictionary = new KeyDictionary(PageSource.DIRECT, PARTS);
    Map<Key, Integer> numbers = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      Key key = random(random);
      int number = dictionary.number(key.bytes());
      Integer known = numbers.putIfAbsent(key, number);
      assertThat(number).as("seed %d, %s", seed, key).isEqualTo(known == null ? i(numbers) : known);
      assertThat(dictionary.find(key.bytes())).isEqualTo(number);
    }
    assertThat(dictionary.size()).isEqualTo(numbers.size());
    assertThat(dictionary.find(new Key(7, "never").bytes())).isEqualTo(-1);
    List<Key> sorted = new ArrayList<>(numbers.keySet());
    sorted.sort(null);
    int[] order = dictionary.sorted();
    for (int i = 0; i < order.length; i++) {
      Key key = sorted.get(i);
      assertThat(order[i]).as("seed %d, place %d", seed, i).isEqualTo(numbers.get(key));
      assertThat(dictionary.key(order[i]).values())
          .containsExactly(Long.toString(key.number()), key.text());
    }
  }

  private static int i(Map<Key, Integer> numbers) {
    return numbers.size() - 1;
  }

  @Test
  void takesKeysLongerThanAPage() {
    KeyDictionary dictionary = new KeyDictionary(PageSource.DIRECT, PARTS);
    String large = "x".repeat(100_000);
    assertThat(dictionary.number(new Key(1, "a").bytes())).isZero();
    assertThat(dictionary.number(new Key(1, large).bytes())).isEqualTo(1);
    assertThat(dictionary.number(new Key(1, "b").bytes())).isEqualTo(2);
    assertThat(dictionary.find(new Key(1, large).bytes())).isEqualTo(1);
    assertThat(dictionary.key(1).values().get(1)).isEqualTo(large);
    assertThat(dictionary.sorted()).containsExactly(0, 2, 1);
  }
}
