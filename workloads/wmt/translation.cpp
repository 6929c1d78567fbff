#include "workloads/wmt/translation.h"

#include <ATen/ATen.h>

namespace timetrial {
namespace {

class TransformerBeams : public BeamDecoder {
 public:
  TransformerBeams(const Transformer& model, const at::Tensor& sources, int64_t beams)
      : model_(model), beams_(beams), cache_(model.start_decoding(sources)) {}

  at::Tensor step(const at::Tensor& tokens) override { return model_.decode(tokens, cache_); }

  void reorder(const at::Tensor& rows) override { cache_.reorder_past(rows); }

  void keep(const at::Tensor& sentences) override {
    cache_.keep_sentences(sentences);
    const at::Tensor beam = at::arange(beams_, sentences.options());
    cache_.reorder_past((sentences.unsqueeze(1) * beams_ + beam).flatten());
  }

 private:
  const Transformer& model_;
  int64_t beams_;
  DecoderCache cache_;
};

}  // namespace

at::Tensor translate(const Transformer& model, const at::Tensor& sources, const BeamSearchOptions& options) {
  const at::NoGradGuard no_grad;
  TransformerBeams beams(model, sources, options.beams);
  const at::Tensor parameter = model.parameters().front();
  return beam_search(beams, sources.size(0), parameter.options().requires_grad(false), options);
}

std::vector<int32_t> up_to_end(const at::Tensor& tokens, int64_t end) {
  const at::Tensor on_host = tokens.cpu().contiguous();
  std::vector<int32_t> kept;
  for (int64_t i = 0; i < on_host.size(0); ++i) {
    kept.push_back(static_cast<int32_t>(on_host.const_data_ptr<int64_t>()[i]));
    if (kept.back() == end) return kept;
  }
  kept.resize(1);
  return kept;
}

}  // namespace timetrial
