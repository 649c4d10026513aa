using OsMigrate.Migrations.Reports;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Migrations.Reports;

/// <summary>The page in a real browser, with an inventory that wants out of it.</summary>
public sealed class PageTests : IDisposable
{
    private const string Rows = "document.querySelectorAll('#t-machines tbody tr').length";
    private const string Names = "[...document.querySelectorAll('#t-machines td.name button bdi')].map(e => e.textContent).join('|')";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void No_name_of_the_inventory_runs_and_nothing_is_fetched()
    {
        using var browser = Open();
        Assert.Equal("undefined", browser.Evaluate("typeof window.hacked"));
        Assert.Single(browser.Requests, r => r.StartsWith("file:", StringComparison.Ordinal));
        Assert.Empty(browser.Requests.Where(r => !r.StartsWith("file:", StringComparison.Ordinal)));
        Assert.Empty(browser.Complaints);
        Assert.Equal("0", browser.Evaluate("document.querySelectorAll('main img, main svg, main iframe, main script').length"));
        // The policy holds: neither a new script nor an inline handler nor a request gets through.
        browser.Evaluate("(() => { const s = document.createElement('script'); s.textContent = 'window.hacked = 9'; document.body.append(s); document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked = 8\">'); })()");
        Assert.Equal("refused", browser.Evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')"));
        Assert.Equal("undefined", browser.Evaluate("typeof window.hacked"));
        Assert.NotEmpty(browser.Complaints);
    }

    [SkippableFact]
    public void Machines_are_searched_filtered_sorted_and_opened()
    {
        using var browser = Open();
        Assert.Equal(HostileInventory.Names.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), browser.Evaluate(Rows));
        Type(browser, "f-text", "drop table");
        Assert.Equal("'; DROP TABLE vms; --", browser.Evaluate(Names));
        Type(browser, "f-text", "no such machine");
        Assert.Contains("No machine fits", browser.Evaluate("document.querySelector('#t-machines tbody').textContent"), StringComparison.Ordinal);
        browser.Evaluate("document.querySelector('#filters button').click()");
        Assert.Equal("true", browser.Evaluate($"new Promise(done => setTimeout(() => done({Rows} === {HostileInventory.Names.Length}), 50))"));
        browser.Evaluate("document.querySelector('[data-sort=name]').click()");
        Assert.Equal("ascending", browser.Evaluate("document.querySelector('[data-sort=name]').parentElement.getAttribute('aria-sort')"));
        var ascending = browser.Evaluate(Names).Split('|');
        browser.Evaluate("document.querySelector('[data-sort=name]').click()");
        Assert.Equal(ascending[0], browser.Evaluate(Names).Split('|')[^1]);
        browser.Evaluate("document.querySelector('#t-machines td.name button').click()");
        Assert.Contains("openstack.usb.device", browser.Evaluate("document.querySelector('tr.detail').textContent"), StringComparison.Ordinal);
        browser.Evaluate("document.querySelectorAll('#t-concerns .concern button')[0].click()");
        Assert.NotEqual("", browser.Evaluate("document.getElementById('f-concern').value"));
        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public void The_page_prints_and_follows_light_and_dark()
    {
        using var browser = Open();
        browser.Prefer("light");
        var light = browser.Evaluate("getComputedStyle(document.body).backgroundColor");
        browser.Prefer("dark");
        Assert.NotEqual(light, browser.Evaluate("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], browser.Screenshot()[..4]);
        var pdf = browser.Print();
        Assert.Equal("%PDF-", System.Text.Encoding.ASCII.GetString(pdf, 0, 5));
        Assert.InRange(pdf.Length, 20_000, 20_000_000);
        // Paper is light and shows all rows; afterwards all is as before.
        Assert.NotEqual(light, browser.Evaluate("getComputedStyle(document.body).backgroundColor"));
        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public void Everything_can_be_reached_and_named_without_a_mouse_or_sight()
    {
        using var browser = Open();
        Assert.Equal("0", browser.Evaluate("[...document.querySelectorAll('canvas')].filter(c => !c.getAttribute('aria-label')).length"));
        Assert.Equal("0", browser.Evaluate("[...document.querySelectorAll('button')].filter(b => !b.textContent.trim()).length"));
        Assert.Equal("0", browser.Evaluate("[...document.querySelectorAll('input, select')].filter(i => !i.closest('label')).length"));
        Assert.Equal("0", browser.Evaluate("[...document.querySelectorAll('th')].filter(t => !t.scope).length"));
        Assert.Equal("0", browser.Evaluate("[...document.querySelectorAll('[onclick], [tabindex]')].length"));
        Assert.Equal("en", browser.Evaluate("document.documentElement.lang"));
        Assert.Equal("false", browser.Evaluate("document.documentElement.scrollWidth > innerWidth"));
    }

    private static void Type(Chromium browser, string field, string text)
        => browser.Evaluate($"(() => {{ const f = document.getElementById('{field}'); f.value = {System.Text.Json.JsonSerializer.Serialize(text)}; f.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()");

    private Chromium Open()
    {
        Tool.Require("chromium");
        new MigrationReport(new ReportOptions(_folder.Path, ReportFormats.Html, "<script>window.hacked=6</script>", false, true)).Write(HostileInventory.Assess(), default);
        var browser = Chromium.Start();
        browser.Open(_folder.File("report.html"));
        return browser;
    }
}
