#include "workloads/fingerprint/fingerprint.h"

#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "workloads/fingerprint/generator.h"
#include "workloads/fingerprint/parameter_fill.h"

namespace timetrial {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

TEST(Generator, MatchesItsTestVectors) {
  const uint64_t indices[] = {0, 1, 2, 100000};
  const uint32_t expected[][4] = {{2126711127u, 3166773829u, 1669390966u, 2083106558u},
                                  {2609043695u, 1075136406u, 152532919u, 2559743284u},
                                  {1516389583u, 1432140802u, 2504810u, 263272188u}};
  const uint32_t seeds[] = {0, 1, 1001};
  for (int s = 0; s < 3; ++s) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(generated_hash(seeds[s], indices[i]), expected[s][i]);
  }
}

FingerprintRequest mnist_request() {
  FingerprintRequest request;
  request.workload = "mnist";
  return request;
}

TEST(Fingerprint, HoldsBothPrecisionsAndHowFarTheyAreApart) {
  const json result = fingerprint(mnist_request());
  EXPECT_EQ(result.at("param_count"), 101770);
  const json& b4 = result.at("cases").at("b4");
  EXPECT_GT(b4.at("f32_vs_f64").at("loss_abs"), 0);
  EXPECT_LT(b4.at("f32_vs_f64").at("loss_abs"), 1e-5);
  EXPECT_LT(b4.at("f32_vs_f64").at("worst_grad_l2_rel"), 1e-5);
  EXPECT_EQ(b4.at("hash").get<std::string>().size(), 12U);
}

TEST(Fingerprint, HashIsThatOfTheFullResultAndOfTheModel) {
  const json result = fingerprint(mnist_request());
  const std::string hash = fingerprint_hash("mnist", {});
  EXPECT_EQ(result.at("cases").at("b4").at("hash"), hash);
  EXPECT_EQ(fingerprint_hash("mnist", {}), hash);
  WorkloadOptions layernorm;
  layernorm.tier = Tier::mini;
  const std::string base = fingerprint_hash("criteo1tb", layernorm);
  layernorm.variant = "layernorm";
  EXPECT_NE(fingerprint_hash("criteo1tb", layernorm), base);
}

TEST(Fingerprint, HashLeavesTheGlobalGeneratorAlone) {
  torch::manual_seed(7);
  const at::Tensor expected = torch::rand({4});
  torch::manual_seed(7);
  fingerprint_hash("mnist", {});
  EXPECT_TRUE(torch::rand({4}).equal(expected));
}

TEST(Fingerprint, UnknownCaseNamesTheKnownOnes) {
  FingerprintRequest request = mnist_request();
  request.case_name = "b5";
  EXPECT_THAT(user_error_of([&] { fingerprint(request); }), AllOf(HasSubstr("b5"), HasSubstr("b4")));
}

// What `--weights` reads: the numbers of a model with other weights than the generated ones.
class Weights : public testing::Test {
 protected:
  Weights() {
    model_ = make_workload("mnist", {});
    model_->build_model(3);
  }

  json fingerprint_of(const std::filesystem::path& file) {
    FingerprintRequest request = mnist_request();
    request.weights = file;
    request.dtypes = {at::kFloat};
    return fingerprint(request);
  }

  void expect_loaded(const json& result) {
    const auto parameters = model_->model().named_parameters();
    for (size_t p = 0; p < parameters.size(); ++p) {
      EXPECT_FLOAT_EQ(result.at("parameters")[p][6][0].get<float>(),
                      parameters[p].value().detach().reshape(-1)[0].item<float>());
    }
  }

  // The names as torch.compile and DistributedDataParallel leave them.
  std::filesystem::path write_safetensors(const std::string& prefix, bool cut_off = false) {
    json header;
    std::string data;
    for (const auto& item : model_->model().named_parameters()) {
      const at::Tensor values = item.value().detach().contiguous();
      const size_t begin = data.size();
      data.append(static_cast<const char*>(values.const_data_ptr()), values.nbytes());
      header[prefix + item.key()] = {
          {"dtype", "F32"}, {"shape", values.sizes().vec()}, {"data_offsets", {begin, data.size()}}};
    }
    const std::string text = header.dump();
    const uint64_t size = text.size();
    std::string bytes(reinterpret_cast<const char*>(&size), sizeof(size));
    bytes += text + data;
    if (cut_off) bytes.pop_back();
    std::ofstream(folder_.path() / "w.safetensors", std::ios::binary) << bytes;
    return folder_.path() / "w.safetensors";
  }

  std::filesystem::path write_pickle(const c10::Dict<std::string, at::Tensor>& tensors) {
    const std::vector<char> bytes = torch::pickle_save(tensors);
    std::ofstream(folder_.path() / "w.pt", std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return folder_.path() / "w.pt";
  }

  c10::Dict<std::string, at::Tensor> state() {
    c10::Dict<std::string, at::Tensor> tensors;
    for (const auto& item : model_->model().named_parameters())
      tensors.insert(item.key(), item.value().detach());
    return tensors;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Workload> model_;
};

TEST_F(Weights, OfASafetensorsFileAreTaken) {
  expect_loaded(fingerprint_of(write_safetensors("")));
}

TEST_F(Weights, OfWrappedModelsAreTakenByTheirOwnNames) {
  expect_loaded(fingerprint_of(write_safetensors("module._orig_mod.")));
}

TEST_F(Weights, OfAPickledStateDictAreTaken) {
  expect_loaded(fingerprint_of(write_pickle(state())));
}

TEST_F(Weights, CutOffFileIsAnError) {
  EXPECT_THAT(user_error_of([&] { fingerprint_of(write_safetensors("", true)); }),
              AllOf(HasSubstr("w.safetensors"), HasSubstr("cut off")));
}

TEST_F(Weights, HeaderLongerThanTheFileIsAnError) {
  std::ofstream(folder_.path() / "w.safetensors", std::ios::binary) << std::string(9, '\x7f');
  EXPECT_THAT(user_error_of([&] { fingerprint_of(folder_.path() / "w.safetensors"); }), HasSubstr("header"));
}

TEST_F(Weights, MissingParameterIsNamed) {
  auto tensors = state();
  ASSERT_EQ(tensors.erase("net.layer1.bias"), 1U);
  EXPECT_THAT(user_error_of([&] { fingerprint_of(write_pickle(tensors)); }), HasSubstr("net.layer1.bias"));
}

TEST_F(Weights, WrongShapeIsNamed) {
  auto tensors = state();
  tensors.insert_or_assign("net.layer1.bias", torch::zeros({3}));
  EXPECT_THAT(user_error_of([&] { fingerprint_of(write_pickle(tensors)); }),
              AllOf(HasSubstr("net.layer1.bias"), HasSubstr("128")));
}

TEST_F(Weights, SuperfluousTensorIsNamed) {
  auto tensors = state();
  tensors.insert("net.layer3.bias", torch::zeros({3}));
  EXPECT_THAT(user_error_of([&] { fingerprint_of(write_pickle(tensors)); }), HasSubstr("net.layer3.bias"));
}

TEST_F(Weights, OfAModuleSavedUnderASecondNameMustBeTheSame) {
  auto tensors = state();
  const at::Tensor bias = tensors.at("net.layer1.bias");
  tensors.insert("other.net.layer1.bias", bias.clone());
  expect_loaded(fingerprint_of(write_pickle(tensors)));
  tensors.insert_or_assign("other.net.layer1.bias", bias + 1);
  EXPECT_THAT(user_error_of([&] { fingerprint_of(write_pickle(tensors)); }), HasSubstr("other.net"));
}

TEST_F(Weights, FileThatIsNoneOfBothIsAnError) {
  std::ofstream(folder_.path() / "w.pt") << "not a state dict";
  EXPECT_THAT(user_error_of([&] { fingerprint_of(folder_.path() / "w.pt"); }), HasSubstr("w.pt"));
}

}  // namespace
}  // namespace timetrial
