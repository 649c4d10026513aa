using System.Security.Cryptography;
using System.Text;

namespace OsMigrate.Migrations.Reports;

/// <summary>The page: one file that needs no network. Its policy lets run only the scripts that were put into it here.</summary>
/// <remarks>W3C, Content Security Policy Level 3: hash sources. Page/README.md says which chart library it is.</remarks>
internal static class ReportPage
{
    public static string Make(string dataJson)
    {
        var (page, style, chart, script) = (Resource("report.html"), Resource("report.css"), WithoutMap(Resource("chart.umd.min.js")), Resource("report.js"));
        var policy = $"default-src 'none'; script-src {Hash(chart)} {Hash(script)}; style-src {Hash(style)}; base-uri 'none'; form-action 'none'";
        var text = new StringBuilder(page.Length + style.Length + chart.Length + script.Length + dataJson.Length);
        // Pieces are joined rather than replaced one after the other: data that contains a mark must stay data.
        foreach (var (part, mark) in Split(page))
        {
            text.Append(part).Append(mark switch
            {
                "policy" => policy,
                "style" => style,
                "chart" => chart,
                "script" => script,
                "data" => dataJson,
                "licence" => Resource("chart.LICENSE.txt").Replace("--", "- -"),
                _ => "",
            });
        }

        return text.ToString();
    }

    /// <summary>The page between its marks, which look like {{style}}.</summary>
    private static IEnumerable<(string Part, string Mark)> Split(string page)
    {
        var at = 0;
        for (int open; (open = page.IndexOf("{{", at, StringComparison.Ordinal)) >= 0;)
        {
            var close = page.IndexOf("}}", open, StringComparison.Ordinal);
            yield return (page.Substring(at, open - at), page.Substring(open + 2, close - open - 2));
            at = close + 2;
        }

        yield return (page.Substring(at), "");
    }

    /// <summary>Developer tools would look for the source map that the last line names.</summary>
    private static string WithoutMap(string script) => script.LastIndexOf("//# sourceMappingURL", StringComparison.Ordinal) is > 0 and var at ? script.Substring(0, at) : script;

    private static string Hash(string content)
    {
        using var sha = SHA256.Create();
        return $"'sha256-{Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(content)))}'";
    }

    private static string Resource(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("OsMigrate.Report." + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // The hash is of what a browser sees, which turns CR LF into LF.
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
