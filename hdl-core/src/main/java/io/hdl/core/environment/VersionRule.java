package io.hdl.core.environment;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a row of the matrix asks of a version: one or more comparisons, joined by commas, all of
 * which have to hold: {@code <7.5}, {@code >=12.0,<13}, {@code 2.7.1} for exactly this, {@code
 * !2.7.1} for anything but this. Numbers between dots count as numbers, and missing ones as 0; what
 * follows the numbers ({@code 2.7.1-0.35.1}) counts for equality alone.
 */
record VersionRule(String text) {
  private static final Pattern NUMBERS = Pattern.compile("\\d+(\\.\\d+)*");

  VersionRule {
    for (String part : parts(text)) {
      String operand = part.replaceFirst("^(>=|<|!)", "");
      boolean compares = part.startsWith(">=") || part.startsWith("<");
      if (operand.isEmpty() || (compares && !NUMBERS.matcher(operand).matches())) {
        throw new IllegalArgumentException(
            "rule: \""
                + text
                + "\" (expected: VERSION, !VERSION, >=N.N or <N.N, joined by commas)");
      }
    }
  }

  private static List<String> parts(String text) {
    return List.of(text.split(",", -1));
  }

  boolean allows(String version) {
    return parts(text).stream().allMatch(part -> allows(part, version));
  }

  private static boolean allows(String part, String version) {
    if (part.startsWith(">=")) {
      return isNumbers(version) && compare(version, part.substring(2)) >= 0;
    }
    if (part.startsWith("<")) {
      return isNumbers(version) && compare(version, part.substring(1)) < 0;
    }
    return part.startsWith("!") ? !version.equals(part.substring(1)) : version.equals(part);
  }

  private static boolean isNumbers(String version) {
    return NUMBERS.matcher(version).lookingAt();
  }

  private static int compare(String version, String other) {
    int[] left = numbers(version);
    int[] right = numbers(other);
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      int difference = Integer.compare(at(left, i), at(right, i));
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  private static int at(int[] numbers, int i) {
    return i < numbers.length ? numbers[i] : 0;
  }

  private static int[] numbers(String version) {
    var matcher = NUMBERS.matcher(version);
    String found = matcher.lookingAt() ? matcher.group() : "0";
    return List.of(found.split("\\.", -1)).stream().mapToInt(Integer::parseInt).toArray();
  }
}
