<section id="certificates" aria-labelledby="certificates-title">
<h2 id="certificates-title">Certificates</h2>
{{#NO_CERTIFICATES}}<p class="none">No certificate was seen, neither served by an endpoint nor in a file.</p>{{/NO_CERTIFICATES}}
{{#HAS_CERTIFICATES}}
<figure class="timeline">
<div role="img" aria-label="Validity of each certificate on a time line; the table below has the same facts">
<div class="row axis"><span></span><svg>{{#YEAR}}<line class="rule" x1="{{X}}" x2="{{X}}" y1="14" y2="21"/><text x="{{X}}" y="11" text-anchor="{{ANCHOR}}">{{YEAR}}</text>{{/YEAR}}</svg><span class="left"></span></div>
{{#BAR}}<div class="row{{#EXPIRED}} expired{{/EXPIRED}}"><span class="name">{{NAME}}</span><svg>{{#TICK}}<line class="rule" x1="{{X}}" x2="{{X}}" y1="0" y2="100%"/>{{/TICK}}{{#SPAN}}<rect class="{{KIND}}" x="{{X}}" width="{{WIDTH}}" y="34%" height="32%" rx="2"/>{{/SPAN}}<line class="now" x1="{{NOW}}" x2="{{NOW}}" y1="0" y2="100%"/></svg><span class="left">{{LEFT}}</span></div>
{{/BAR}}
</div>
<figcaption>{{SCALE}}</figcaption>
</figure>
<div class="scroll" role="region" aria-labelledby="certificates-caption" tabindex="0">
<table>
<caption id="certificates-caption">Every certificate that was seen, once</caption>
<thead><tr><th scope="col">Certificate</th><th scope="col">Key and signature</th><th scope="col">Valid from</th><th scope="col">Valid until</th><th scope="col">Time left</th><th scope="col">Seen</th></tr></thead>
<tbody>
{{#CERTIFICATE}}<tr id="{{ID}}"><th scope="row">{{NAME}}<span class="small soft"> {{KIND}}</span><div class="small soft">{{ISSUER}}</div>{{#NAMES}}<div class="small soft">{{TEXT}}</div>{{/NAMES}}<div class="mono soft">{{FINGERPRINT}}</div></th><td>{{KEY}}</td><td class="nowrap">{{FROM}}</td><td class="nowrap">{{UNTIL}}</td><td>{{LEFT}}</td><td class="small">{{#PLACE}}<div>{{TEXT}}</div>{{/PLACE}}</td></tr>
{{/CERTIFICATE}}
</tbody>
</table>
</div>
{{/HAS_CERTIFICATES}}
</section>
