#include "bridge/report/top_view_page.h"

namespace huntsman::bridge::report {

namespace {

const char* const kHead =
    R"(<style>#top{width:100%;aspect-ratio:4/3;background:#fff;border:1px solid #dfe4ea}
.bar{display:flex;flex-wrap:wrap;gap:6px 16px;align-items:center;margin:6px 0;font-size:13px;
color:#456}.bar input[type=range]{vertical-align:middle}#toptime{width:min(420px,50vw)}
.bar label{white-space:nowrap}.bar svg{vertical-align:-4px;margin-right:4px}
#top .a{cursor:pointer}#top.one .a:not(.on){opacity:.12}#topinfo{min-height:2.9em;margin:4px 0;
font-size:13px}#top text{paint-order:stroke;stroke:#fff;stroke-linejoin:round;
font-family:system-ui,sans-serif;fill:#1b2430;pointer-events:none}</style>
<h2 id='users'>Road users from above</h2>
<p>Those within 70 m of the ego, north up. Click one to )";

const char* const kDrawing = R"(</p>
<svg id='top' xmlns='http://www.w3.org/2000/svg'></svg><div class='bar'>
<button id='topplay'>play</button><label><input id='toptime' type='range' min='0' value='0'>
<output id='topnow'></output></label><label>reach <input id='topzoom' type='range' min='15' max='70'
value='45'></label>)";

const char* const kPlainLegend = R"(</div><div class='bar'>
<span><svg width='26' height='14'><path d='M1 2h16l7 5-7 5H1z' fill='#ff3000'/></svg>ego</span>
<span><svg width='26' height='14'><path d='M1 2h16l7 5-7 5H1z' fill='#103a7a'/></svg>vehicle</span>
<span><svg width='14' height='14'><circle cx='7' cy='7' r='5' fill='#c0007a'/></svg>person</span>
</div><p id='topinfo'></p>
)";

const char* const kMindsLegend = R"(
<label><input id='topgaze' type='checkbox' checked>gaze</label>
<label><input id='topghosts' type='checkbox' checked>ghosts</label>
<label><input id='topwords' type='checkbox' checked>words</label></div><div class='bar'>
<span><svg width='26' height='14'><path d='M1 2h16l7 5-7 5H1z' fill='#ff3000'/></svg>ego</span>
<span><svg width='26' height='14'><path d='M1 2h16l7 5-7 5H1z' fill='#0a9a45'/></svg>sees the
ego</span>
<span><svg width='26' height='14'><path d='M1 2h16l7 5-7 5H1z' fill='#d98a00'/></svg>has seen it
before</span>
<span><svg width='26' height='14'><path d='M1 2h16l7 5-7 5H1z' fill='#c2185b'/></svg>has not seen
it</span>
<span><svg width='26' height='14'><path d='M2 7L25 1V13z' fill='#555' opacity='.4'/></svg>gaze
(dashed: looks away)</span>
<span><svg width='34' height='14'><path d='M1 2h16l7 5-7 5H1z' fill='none' stroke='#ff3000'
stroke-dasharray='3 2'/></svg>where the ego is believed, 1 m off or more</span>
<span><svg width='34' height='14'><path d='M1 2h16l7 5-7 5H1z' fill='none' stroke='#6a1fd0'
stroke-dasharray='3 2'/></svg>where the chosen one believes another
to be; dots to the believer, a line to the truth, a cross: nobody is there; a ring: one standard
deviation; the fainter, the less it is believed to exist</span></div><p id='topinfo'></p>
)";

}  // namespace

std::string top_view_body(bool minds) {
    return std::string(kHead) + (minds ? "see its mind alone." : "see how fast it is.") + kDrawing +
           (minds ? kMindsLegend : kPlainLegend);
}

// Data: shapes [length, width, class]; moments [time, [road user...]], the ego first; a road user
// is [id, shape, x, y, yaw, speed, mind?]. A mind: g gaze, i intention, s has seen the ego, u for
// how long it has not seen it, p probability with which it goes, a looks away, n profile,
// q gesture, m [P(ego has seen it), the ego's goal, its probability], w ghosts [id, shape, x, y,
// yaw, standard deviation, existence, true x, true y].
const char* const kTopViewScript = R"script(
(()=>{const $=id=>document.getElementById(id),NS='http://www.w3.org/2000/svg',svg=$('top'),
plan=document.querySelector('#plan svg'),M=T.moments,EGO='#ff3000',OTHER='#6a1fd0';
const side=plan?plan.viewBox.baseVal.width:T.side,k=side/T.side;let one=null,timer=null;
const group=()=>svg.appendChild(document.createElementNS(NS,'g'));
const map=group(),layer=group();map.setAttribute('opacity','.55');
layer.setAttribute('transform',`translate(${side/2},${side/2}) scale(${k})`);
// Of the plan only what lies along the drive, without its ground.
const xs=M.map(m=>m[1][0][2]),ys=M.map(m=>-m[1][0][3]),far=T.reach*2*k;
const x0=side/2+k*Math.min(...xs)-far,x1=side/2+k*Math.max(...xs)+far,
y0=side/2+k*Math.min(...ys)-far,y1=side/2+k*Math.max(...ys)+far;
if(plan)for(const e of plan.querySelectorAll(':scope>:not(rect)')){const b=e.getBBox();
if(b.x<x1&&b.x+b.width>x0&&b.y<y1&&b.y+b.height>y0)map.append(e.cloneNode(true))}
const person=s=>['pedestrian','wheelchair','animal'].includes(T.shapes[s][2]);
const deg=a=>-a*180/Math.PI,ego=id=>id==M[0][1][0][0];
function body(s,x,y,yaw,look){const[l,w]=T.shapes[s];
if(person(s))return`<circle cx="${x}" cy="${-y}" r="${Math.max(.6,w/2)}" ${look}/>`;
const h=l/2,b=w/2,n=Math.min(w*.45,l*.3);
return`<path transform="translate(${x},${-y}) rotate(${deg(yaw)})" `+
`d="M${-h} ${-b}H${h-n}L${h} 0L${h-n} ${b}H${-h}Z" ${look}/>`}
const line=(x,y,u,v,look)=>`<path d="M${x} ${-y}L${u} ${-v}" ${look}/>`;
const sees=m=>m.s&&!(m.u>.3);
function colour([id,s,,,,,m]){if(ego(id))return EGO;
if(!m)return person(s)?'#c0007a':'#103a7a';
return sees(m)?'#0a9a45':m.s?'#d98a00':'#c2185b'}
function word(m){const w=[];if(m.p!==undefined)w.push(m.p>=.5?'goes '+m.p.toFixed(2):
'yields '+(1-m.p).toFixed(2));else if(m.i!='follow'&&m.i!='walk')w.push(m.i.replaceAll('_',' '));
if(m.q)w.push(m.q+'!');return w.join(', ')}
// Of all minds those of the ego; of the chosen one all, with their deviations.
function ghosts(a,px){let o='';for(const[id,s,x,y,yaw,sd,e,tx,ty]of a[6].w||[]){
if(!ego(id)&&a[0]!=one)continue;
const c=ego(id)?EGO:OTHER,thin=`stroke="${c}" stroke-width="${px}" fill="none" `;
o+=`<g opacity="${Math.max(.15,e)}">`+
line(a[2],a[3],x,y,thin+`stroke-dasharray="${px} ${3*px}" opacity=".6"`)+
body(s,x,y,yaw,`fill="${c}" fill-opacity=".08" stroke="${c}" stroke-width="${1.6*px}" `+
`stroke-dasharray="${4*px} ${3*px}"`)+
(a[0]!=one?'':
`<circle cx="${x}" cy="${-y}" r="${sd}" ${thin} stroke-dasharray="${px} ${2*px}" opacity=".6"/>`)+
(tx===undefined?line(x-.8,y-.8,x+.8,y+.8,thin)+line(x-.8,y+.8,x+.8,y-.8,thin):
line(x,y,tx,ty,thin))+'</g>'}return o}
function gaze(a,c,px){const[,,x,y,,,m]=a,r=9,h=.24,dash=m.a?`stroke-dasharray="${4*px} ${4*px}"`:'';
const tip=g=>`L${x+r*Math.cos(g)} ${-y-r*Math.sin(g)}`;
return`<path d="M${x} ${-y}${tip(m.g+h)}${tip(m.g-h)}Z" fill="${c}" `+
`fill-opacity="${m.a?.04:.2}" stroke="${c}" stroke-opacity=".7" stroke-width="${.8*px}" ${dash}/>`}
function agent(a,px){const[id,s,x,y,yaw,,m]=a,c=colour(a);let o='';
if(m&&$('topgaze').checked)o+=gaze(a,c,px);
o+=body(s,x,y,yaw,`fill="${c}" stroke="#fff" stroke-width="${px}"`);
if(m&&$('topghosts').checked)o+=ghosts(a,px);
const t=m&&$('topwords').checked?word(m):'';
if(t)o+=`<text x="${x+8*px}" y="${-y-8*px}" font-size="${11*px}" stroke-width="${3*px}">${t}</text>`;
return`<g class="a${id==one||ego(id)?' on':''}" data-id="${id}">${o}</g>`}
const named=(id,s)=>ego(id)?'the ego':T.shapes[s][2].replaceAll('_',' ')+' '+id;
function info(a){if(!a)return one===null?'':'It is out of reach.';
const[id,s,,,,v,m]=a,w=[named(id,s)+', '+(3.6*v).toFixed(0)+' km/h'];if(m){
if(m.n!==undefined&&T.profiles[m.n])w.push(T.profiles[m.n]);
w.push(word(m)||m.i.replaceAll('_',' '));if(m.a)w.push('looks away');
w.push(sees(m)?'sees the ego':m.s?'last saw the ego '+m.u.toFixed(1)+' s ago':
'has not seen the ego');
if(m.m)w.push('believes with '+m.m[0]+' that the ego has seen it, with '+m.m[2]+
' that the ego\'s goal is '+m.m[1]);
for(const g of m.w||[])w.push('wrong about '+named(g[0],g[1])+(g[7]===undefined?
', who is gone':' by '+Math.hypot(g[2]-g[7],g[3]-g[8]).toFixed(1)+' m')+
' (exists '+g[6]+', standard deviation '+g[5]+' m)')}
return w.join('; ')}
function show(){const[t,all]=M[+$('toptime').value],e=all[0],r=+$('topzoom').value,
wide=r*4/3,px=2*wide/Math.max(200,svg.clientWidth);
svg.setAttribute('viewBox',`${side/2+k*(e[2]-wide)} ${side/2-k*(e[3]+r)} ${2*k*wide} ${2*k*r}`);
svg.classList.toggle('one',one!==null);
layer.innerHTML=all.slice(1).concat([e]).map(a=>agent(a,px)).join('');
$('topnow').textContent=t.toFixed(1)+' s, '+(3.6*e[5]).toFixed(0)+' km/h';
$('topinfo').textContent=info(all.find(a=>a[0]==one))}
$('toptime').max=M.length-1;
for(const id of['toptime','topzoom','topgaze','topghosts','topwords'])if($(id))$(id).oninput=show;
svg.onclick=event=>{const a=event.target.closest('.a'),id=a?+a.dataset.id:null;
one=id===one?null:id;show()};
function stop(){clearTimeout(timer);timer=null;$('topplay').textContent='play'}
function go(){const i=+$('toptime').value;if(i+1>=M.length)return stop();
timer=setTimeout(()=>{$('toptime').value=i+1;show();go()},1000*(M[i+1][0]-M[i][0]))}
$('topplay').onclick=()=>{if(timer)return stop();if(+$('toptime').value>=M.length-1)
$('toptime').value=0;$('topplay').textContent='pause';go()};
addEventListener('resize',show);show()})();)script";

}  // namespace huntsman::bridge::report
