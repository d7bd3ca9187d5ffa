namespace Tributary.Intelligence.Reports;

/// <summary>The style sheet of report pages: light and dark by what the reader prefers, one column on a phone, no colour alone carries a meaning.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root{--bg:#fbfcfe;--card:#fff;--text:#172033;--quiet:#55617a;--line:#d9dfe9;--first:#1456c8;--second:#b3470a;--good:#18794e;
        --v0:#1456c8;--v1:#5a7fc0;--v2:#8a8f9c;--v3:#c9803f;--v4:#b3470a;color-scheme:light dark}
        @media (prefers-color-scheme:dark){:root{--bg:#0e131b;--card:#161d28;--text:#e8edf5;--quiet:#a3aec0;--line:#2c3748;--first:#7fb0ff;--second:#ffab70;--good:#5bd39a;
        --v0:#7fb0ff;--v1:#8aa2d0;--v2:#98a0ad;--v3:#d3a37c;--v4:#ffab70}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:1040px;margin:0 auto;padding:24px 16px 64px}
        h1{font-size:1.7rem;line-height:1.2;margin:.2em 0}h2{font-size:1.25rem;margin:2.2em 0 .6em}h3{font-size:1.05rem;margin:0 0 .4em}
        p{margin:.4em 0 .8em;max-width:70ch}.quiet{color:var(--quiet)}code{font-size:.86em;overflow-wrap:anywhere}
        a{color:var(--first)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:12px;margin:20px 0;padding:0;list-style:none}
        .tile,figure{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;margin:0}
        .tile b{display:block;font-size:1.75rem;line-height:1.25;font-variant-numeric:tabular-nums}.tile span{display:block}
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:16px}
        svg{display:block;width:100%;height:auto}
        .grid{stroke:var(--line);stroke-width:1}.zero{stroke:var(--quiet);stroke-width:1}
        .mark{fill:var(--quiet);font-size:11px}.axis,.note{fill:var(--text);font-size:12px}.note{font-size:11px}
        .line{fill:none;stroke-width:2.2;stroke-linejoin:round}.line.first{stroke:var(--first)}.line.second{stroke:var(--second)}
        .line.chance{stroke:var(--quiet);stroke-width:1.3;stroke-dasharray:5 4}
        .dot.first{fill:var(--first)}.dot.second{fill:var(--second)}.dot.missing{fill:none;stroke:var(--quiet)}
        .dot.v0{fill:var(--v0)}.dot.v1{fill:var(--v1)}.dot.v2{fill:var(--v2)}.dot.v3{fill:var(--v3)}.dot.v4{fill:var(--v4)}
        .key i{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin:0 .3em 0 .9em}.key i:first-child{margin-left:0}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}
        caption{text-align:left;color:var(--quiet);padding:4px 0}
        th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
        th:first-child,td:first-child{text-align:left;white-space:normal;min-width:14ch}thead th{color:var(--quiet);font-weight:600}
        dl{display:grid;grid-template-columns:minmax(90px,auto) 1fr;gap:4px 16px;margin:0}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
        details{margin-top:8px}summary{cursor:pointer;color:var(--first)}pre{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px}
        @media (max-width:520px){dl{grid-template-columns:1fr}dt{margin-top:6px}h1{font-size:1.4rem}.mark{font-size:12.5px}.axis,.note{font-size:13px}}
        @media print{figure{break-inside:avoid}}
        """;
}
