package io.hdl.samples;

import io.hdl.core.testing.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  @TestFactory
  Stream<DynamicTest> keepsTheHouseRules() {
    return HouseRules.tests();
  }
}
