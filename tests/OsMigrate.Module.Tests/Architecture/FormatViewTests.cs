using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.Architecture;

public class FormatViewTests
{
    private static readonly XElement Views = XDocument.Load(Repository.File("module", "OsMigrate.Format.ps1xml")).Root!.Element("ViewDefinitions")!;

    [Fact]
    public void Every_type_and_property_of_a_view_exists()
    {
        foreach (var view in Views.Elements("View"))
        {
            var name = view.Element("ViewSelectedBy")!.Element("TypeName")!.Value;
            var type = StagedTypes.Find(name);
            Assert.True(type is not null, $"there is no type {name}");
            foreach (var property in view.Descendants("PropertyName"))
                Assert.True(type.GetProperty(property.Value) is not null, $"{name} has no property {property.Value}");
            Assert.Empty(view.Descendants("ScriptBlock"));
        }
    }

    [Fact]
    public void Every_output_type_has_a_view()
    {
        var viewed = Views.Descendants("TypeName").Select(t => t.Value).ToHashSet();
        var outputs = StagedTypes.Cmdlets
            .SelectMany(c => c.GetCustomAttributes<OutputTypeAttribute>()).SelectMany(a => a.Type).Select(t => t.Type.FullName!)
            .Where(t => t.StartsWith("OsMigrate.", StringComparison.Ordinal));
        Assert.Empty(outputs.Where(t => !viewed.Contains(t)));
    }

    [Fact]
    public void Tables_have_as_many_headers_as_columns()
    {
        foreach (var table in Views.Descendants("TableControl"))
            Assert.Equal(table.Descendants("TableColumnHeader").Count(), table.Descendants("TableColumnItem").Count());
    }
}
