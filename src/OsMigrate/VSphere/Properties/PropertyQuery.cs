using System.Xml.Linq;
using OsMigrate.Bytes;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Properties;

/// <summary>Reads properties of objects, many at a time and page by page.</summary>
/// <remarks>vSphere Web Services API, PropertyCollector and ContainerView.</remarks>
internal sealed class PropertyQuery(VSphereSession session)
{
    private const int PageSize = 100;
    private const int MaxPages = 100_000;

    /// <summary>Properties of one object.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereNotFound"/>.</exception>
    public VimObject Of(MoRef reference, IReadOnlyList<string> paths, CancellationToken cancel)
        => Of([reference], reference.Type, paths, cancel).FirstOrDefault()
           ?? throw new OsMigrateException(ErrorIds.VSphereNotFound, ErrorKind.NotFound, $"{session.Name} has no {reference.Type} '{reference.Value}'.", reference.Value);

    /// <summary>Properties of several objects of one type, asked for some at a time.</summary>
    public IEnumerable<VimObject> Of(IEnumerable<MoRef> references, string type, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        var all = references.ToList();
        for (var from = 0; from < all.Count; from += PageSize)
        {
            var some = all.GetRange(from, Math.Min(PageSize, all.Count - from));
            foreach (var found in Whole(() => Retrieve([type], paths, some.Select(static r => VimXml.Node("objectSet", null, VimXml.Arg("obj", r))), cancel)))
                yield return found;
        }
    }

    /// <summary>Properties of everything of some types below a folder, datacenter or resource pool.</summary>
    public IEnumerable<VimObject> Below(MoRef container, IReadOnlyList<string> types, IReadOnlyList<string> paths, CancellationToken cancel)
        => Whole(() => InView(container, types, paths, cancel), inView: true);

    /// <summary>Views and pages end with their session: when it was renewed in the middle, all is asked anew, once.</summary>
    /// <param name="inView">A view that is not there any more has ended with its session too.</param>
    private IReadOnlyList<VimObject> Whole(Func<IEnumerable<VimObject>> ask, bool inView = false)
    {
        for (var again = false; ; again = true)
        {
            var generation = session.Generation;
            try
            {
                return [.. ask()];
            }
            catch (VimException e) when (!again && (session.Generation != generation || (inView && e.FaultType == "ManagedObjectNotFound")))
            {
                session.Note($"{e.Message} It belonged to the session that has ended; asking anew.");
            }
        }
    }

    private IEnumerable<VimObject> InView(MoRef container, IReadOnlyList<string> types, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        var view = session.Start("CreateContainerView", session.Content.ViewManager, cancel, [VimXml.Arg("container", container), .. types.Select(static t => VimXml.Arg("type", t)), VimXml.Arg("recursive", true)]);
        try
        {
            var objects = VimXml.Node(
                "objectSet",
                null,
                VimXml.Arg("obj", view),
                VimXml.Arg("skip", true),
                VimXml.Node("selectSet", "TraversalSpec", VimXml.Arg("name", "view"), VimXml.Arg("type", "ContainerView"), VimXml.Arg("path", "view"), VimXml.Arg("skip", false)));
            foreach (var found in Retrieve(types, paths, [objects], cancel))
                yield return found;
        }
        finally
        {
            Destroy(view);
        }
    }

    private IEnumerable<VimObject> Retrieve(IReadOnlyList<string> types, IReadOnlyList<string> paths, IEnumerable<XElement> objects, CancellationToken cancel)
    {
        var collector = session.Content.PropertyCollector;
        var wanted = types.Select(type => VimXml.Node("propSet", null, [VimXml.Arg("type", type), VimXml.Arg("all", false), .. paths.Select(static p => VimXml.Arg("pathSet", p))]));
        var spec = VimXml.Node("specSet", null, wanted, objects);
        var page = FirstPage(spec, cancel);
        for (var pages = 1; page is { } at; pages++)
        {
            foreach (var found in at.List("objects"))
            {
                if (Read(found) is { } read)
                    yield return read;
            }

            // A token can be used once: when the answer is lost, all must be asked anew, so it is not repeated.
            page = at.Text("token") is { Length: > 0 } token
                ? session.Call("ContinueRetrievePropertiesEx", collector, cancel, true, VimXml.Arg("token", token)).Child("returnval")
                : null;
            if (pages > MaxPages)
                throw VimXml.Bad(session.Name, "its pages have no end", null);
        }
    }

    /// <summary>To a session that has ended the server does not answer with a fault, but with objects whose properties are withheld.</summary>
    private VimData? FirstPage(XElement spec, CancellationToken cancel)
    {
        for (var renewed = false; ; renewed = true)
        {
            var generation = session.Generation;
            var page = session.Call("RetrievePropertiesEx", session.Content.PropertyCollector, cancel, false, spec, VimXml.Node("options", null, VimXml.Arg("maxObjects", PageSize))).Child("returnval");
            if (page?.List("objects").SelectMany(static o => o.List("missingSet")).Where(IsWithheld).Select(static m => (VimData?)m).FirstOrDefault() is not { } withheld)
                return page;
            var fault = VimFaults.FromMethod(withheld.Child("fault"), session.Name, "to show properties");
            if (renewed)
                throw fault;
            session.Renew(generation, fault, cancel);
        }
    }

    private static bool IsWithheld(VimData missing) => missing.At("fault", "fault")?.TypeName == "NotAuthenticated";

    private static VimObject? Read(VimData content)
    {
        if (content.Ref("obj") is not { } reference)
            return null;
        var values = new Dictionary<string, VimData>(StringComparer.Ordinal);
        foreach (var property in content.List("propSet"))
        {
            if (property.Text("name") is { } name && property.Child("val") is { } value)
                values[name] = value;
        }

        return new VimObject(reference, values, [.. content.List("missingSet").Select(static m => m.Text("path")).OfType<string>()]);
    }

    private void Destroy(MoRef view)
    {
        try
        {
            session.Call("DestroyView", view, CancellationToken.None, true);
        }
        catch (OsMigrateException e)
        {
            // It goes with the session.
            session.Note($"DestroyView: {e.Message}");
        }
    }
}
