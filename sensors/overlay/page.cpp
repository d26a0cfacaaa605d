#include "sensors/overlay/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sensors/encode/base64.h"
#include "sensors/encode/compose.h"
#include "sensors/encode/image_file.h"

namespace huntsman::sensors::overlay {

using engine::core::Image;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr int kJpegQuality = 85;
constexpr int kBirdsEyeSide = 480;

// Text as a JSON string that also is safe inside of a script element.
std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') {
            result += fmt::format("\\u{:04x}", byte);
        } else {
            result += c;
        }
    }
    return result + "\"";
}

Result<std::string> jpeg_url(const Image& image) {
    HM_TAKE(auto bytes, encode::encode_jpeg(image, kJpegQuality));
    return "\"data:image/jpeg;base64," + encode::base64(bytes) + "\"";
}

// Crisp colours and lines as PNG; smooth ones, which cover nearly all, as JPEG.
Result<std::string> layer_url(const Image& layer, Layer kind) {
    if (kind == Layer::kDepth || kind == Layer::kNormals || kind == Layer::kFlow) {
        return jpeg_url(layer);
    }
    HM_TAKE(auto bytes, encode::encode_png(layer));
    return "\"data:image/png;base64," + encode::base64(bytes) + "\"";
}

bool shows_something(const Image& layer) {
    for (std::size_t i = 3; i < layer.pixels.size(); i += 4) {
        if (layer.pixels[i] != 0) return true;
    }
    return false;
}

constexpr const char* kHead = R"(<meta name="viewport" content="width=device-width"><style>
:root{color-scheme:dark}body{font:14px/1.4 system-ui,sans-serif;margin:0;background:#14181d;
color:#dfe5ec}header{display:flex;flex-wrap:wrap;gap:10px 22px;align-items:center;
padding:10px 16px;background:#1d232b;position:sticky;top:0;z-index:2}h1{font-size:16px;margin:0}
label{display:inline-flex;gap:6px;align-items:center}select{background:#2a323d;color:inherit;
border:1px solid #46505e;border-radius:5px;padding:3px 6px}input[type=range]{width:190px}
#layers{display:flex;flex-wrap:wrap;gap:6px;padding:8px 16px;background:#181d24}
#layers label{border:1px solid #3a4350;border-radius:12px;padding:2px 10px;cursor:pointer}
#layers label.none{opacity:.4}main{display:flex;flex-wrap:wrap;gap:14px;padding:14px 16px;
align-items:flex-start}.view{position:relative;background:#000;line-height:0}
.view img{width:100%;height:auto;display:block}.view .layer{position:absolute;inset:0}
figure{margin:0;flex:1 1 560px;max-width:1280px}figure.top{flex:0 1 480px}
figcaption{color:#9aa6b4;font-size:13px;padding:4px 0}.all{display:grid;gap:8px;
grid-template-columns:repeat(auto-fill,minmax(380px,1fr));flex:1 1 100%}
header label{display:flex;flex-wrap:wrap;align-items:center;gap:2px 8px}
output{min-width:min(17em,90vw);overflow-wrap:anywhere;font-variant-numeric:tabular-nums}</style>)";

constexpr const char* kBody = R"(<header><h1 id="title"></h1>
<label>sample <input id="sample" type="range" min="0" value="0"><output id="place"></output></label>
<label>camera <select id="camera"></select></label>
<label>opacity of areas <input id="opacity" type="range" min="0" max="100"></label></header>
<div id="layers"></div><main id="main"></main>)";

constexpr const char* kScript = R"(
const $=id=>document.getElementById(id),on=new Set(D.shown),dense=new Set(D.dense);
$('opacity').value=D.opacity;
$('title').textContent=D.title;document.title=D.title;
$('sample').max=Math.max(0,D.samples.length-1);
const names=[...new Set(D.samples.flatMap(s=>s.cameras.map(c=>c.name)))];
for(const n of ['all cameras',...names]){const o=document.createElement('option');
o.value=o.textContent=n;$('camera').append(o)}
if(names.length)$('camera').value=names[0];
const chips={};
for(const l of D.layers){const e=document.createElement('label'),b=document.createElement('input');
b.type='checkbox';b.checked=on.has(l);b.onchange=()=>{b.checked?on.add(l):on.delete(l);show()};
e.append(b,l.replace('boxes3d','3D boxes').replace('_',' '));chips[l]=e;$('layers').append(e)}
function view(c){const f=document.createElement('figure'),v=document.createElement('div'),
t=document.createElement('figcaption');v.className='view';
const add=(src,cls)=>{const i=document.createElement('img');i.src=src;i.className=cls;v.append(i);
return i};add(c.image,'');
for(const l of D.layers)if(on.has(l)&&c.layers[l])add(c.layers[l],'layer').style.opacity=
dense.has(l)?$('opacity').value/100:1;
t.textContent=c.name;f.append(v,t);return f}
function show(){const s=D.samples[+$('sample').value],m=$('main');m.replaceChildren();
if(!s)return;$('place').textContent=s.place;
const which=$('camera').value,all=which=='all cameras';let into=m;
if(all){into=document.createElement('div');into.className='all';m.append(into)}
const cams=s.cameras.filter(c=>all||c.name==which);
for(const c of cams)into.append(view(c));
for(const l of D.layers)chips[l].classList.toggle('none',!cams.some(c=>c.layers[l]));
if(s.top){const f=document.createElement('figure'),i=document.createElement('img'),
t=document.createElement('figcaption');f.className='top';i.src=s.top;i.style.width='100%';
t.textContent='from above: drivable (lighter where a camera sees it), standing (bright where seen), '+
'free space (bluish), objects with headings, ego (white)';f.append(i,t);m.append(f)}}
for(const i of ['sample','camera','opacity'])$(i).oninput=show;
addEventListener('keydown',e=>{const d=e.key=='ArrowRight'?1:e.key=='ArrowLeft'?-1:0;
if(d&&document.activeElement.tagName!='INPUT'){$('sample').value=+$('sample').value+d;show()}});
show();)";

}  // namespace

Page::Page(std::string title, std::span<const Layer> layers, std::span<const Layer> shown,
           bool birds_eye, double opacity)
    : title_(std::move(title)),
      layers_(layers.begin(), layers.end()),
      shown_(shown.begin(), shown.end()),
      birds_eye_(birds_eye),
      opacity_(opacity) {}

Status Page::add(const std::string& place, const labels::Sample& sample) {
    std::string json = fmt::format("{}{{\"place\":{},\"cameras\":[", samples_.empty() ? "" : ",\n",
                                   in_quotes(place));
    for (std::size_t k = 0; k < sample.cameras.size(); ++k) {
        const auto& camera = sample.cameras[k];
        const Image black =
            camera.image.pixels.empty()
                ? encode::blank(camera.camera.width, camera.camera.height, {0, 0, 0})
                : Image{};
        HM_TAKE(const auto picture, jpeg_url(camera.image.pixels.empty() ? black : camera.image));
        json += fmt::format("{}{{\"name\":{},\"image\":{},\"layers\":{{", k > 0 ? "," : "",
                            in_quotes(camera.camera.name), picture);
        bool first = true;
        for (const Layer layer : layers_) {
            const Image drawn = draw_layer(sample, camera, layer);
            if (!shows_something(drawn)) continue;
            HM_TAKE(const auto url, layer_url(drawn, layer));
            json += fmt::format("{}\"{}\":{}", first ? "" : ",", name(layer), url);
            first = false;
        }
        json += "}}";
    }
    json += "]";
    if (birds_eye_) {
        const Image top = draw_birds_eye(sample, kBirdsEyeSide);
        if (!top.pixels.empty()) {
            HM_TAKE(const auto url, jpeg_url(top));
            json += ",\"top\":" + url;
        }
    }
    samples_ += json + "}";
    return {};
}

std::string Page::html() const {
    const auto list = [](const std::vector<Layer>& layers) {
        std::string text;
        for (const Layer layer : layers) {
            text += fmt::format("{}\"{}\"", text.empty() ? "" : ",", name(layer));
        }
        return "[" + text + "]";
    };
    std::vector<Layer> dense;
    std::copy_if(layers_.begin(), layers_.end(), std::back_inserter(dense), is_dense);
    return "<!doctype html><html lang=\"en\"><head><meta "
           "charset=\"utf-8\"><title>Huntsman</title>" +
           std::string(kHead) + "</head><body>" + kBody +
           "<script>const D={\"title\":" + in_quotes(title_) + ",\"layers\":" + list(layers_) +
           ",\"dense\":" + list(dense) + fmt::format(",\"opacity\":{:.0f}", 100 * opacity_) +
           ",\"shown\":" + list(shown_) + ",\"samples\":[" + samples_ + "]};" + kScript +
           "</script></body></html>\n";
}

}  // namespace huntsman::sensors::overlay
