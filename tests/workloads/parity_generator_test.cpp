#include "parity_generator.h"

#include <gtest/gtest.h>

namespace timetrial::parity {
namespace {

TEST(ParityGenerator, MatchesItsTestVectors) {
  const uint64_t indices[] = {0, 1, 2, 100000};
  const uint32_t expected[][4] = {{2126711127u, 3166773829u, 1669390966u, 2083106558u},
                                  {2609043695u, 1075136406u, 152532919u, 2559743284u},
                                  {1516389583u, 1432140802u, 2504810u, 263272188u}};
  const uint32_t seeds[] = {0, 1, 1001};
  for (int s = 0; s < 3; ++s) {
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(hash(seeds[s], indices[i]), expected[s][i]) << seeds[s] << ", " << indices[i];
  }
}

}  // namespace
}  // namespace timetrial::parity
