using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Images;

/// <summary>Has Glance fetch an image from an address by itself: nothing goes through this computer.</summary>
/// <remarks>Image service API v2, "Interoperable image import", method web-download, and "Show tasks associated with an image".</remarks>
public sealed class ImageFetch(CloudSession session)
{
    private const string Method = "web-download";
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(20);

    private readonly ImagesClient _images = new(session);

    /// <summary>Longest time to wait; null not to wait.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Told of every state that is seen.</summary>
    public Action<Image>? Seen { get; init; }

    /// <exception cref="OsMigrateException">The cloud has no such import, refused it, or could not fetch the image; what was made of it is deleted again.</exception>
    public Image Run(ImageRequest request, Uri address, CancellationToken cancel)
    {
        Require(address, cancel);
        var id = Guid.NewGuid().ToString("D");
        try
        {
            var image = _images.Create(request, cancel, id);
            _images.Import(id, Method, address, request.Stores, cancel);
            return Limit is { } limit ? Wait(image, limit, cancel) : image;
        }
        catch
        {
            Discard(id);
            throw;
        }
    }

    private void Require(Uri address, CancellationToken cancel)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != "https" && address.Scheme != "http") || address.UserInfo.Length > 0)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"Glance fetches from addresses with http or https, and without a name and password in them, not from '{address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped)}'.");
        var methods = _images.ImportMethods(cancel);
        if (!methods.Contains(Method))
        {
            throw new OsMigrateException(ErrorIds.CloudNoService, ErrorKind.NotSupported, $"Glance of the cloud '{session.Name}' fetches no images by itself: of the ways to import it allows {string.Join(", ", methods.DefaultIfEmpty("none"))}.", session.Name)
            {
                Advice = "Download the file and use Send-GlanceImage.",
            };
        }
    }

    private Image Wait(Image image, TimeSpan limit, CancellationToken cancel) => Waiting.For(
        () => _images.Get(image.Id, cancel) ?? throw ImagesClient.Failed(image, "it was deleted"),
        now =>
        {
            Seen?.Invoke(now);
            if (now.Status is "killed" or "deleted" or "pending_delete")
                throw ImagesClient.Failed(now, $"its state is {now.Status}");
            // While Glance fetches, the image is queued or importing; that it gave up is told by the task alone.
            return now.Status == "active" || (_images.FailedTask(image.Id, cancel) is { } reason ? throw ImagesClient.Failed(now, reason) : false);
        },
        $"Glance to fetch the image '{image.Name}'",
        limit,
        cancel);

    /// <summary>Not cancelled with the rest: cleaning up after Ctrl+C is the point.</summary>
    private void Discard(string id)
    {
        using var cleanUp = new CancellationTokenSource(CleanUpLimit);
        try
        {
            _images.Delete(id, cleanUp.Token);
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            session.Note($"The unfinished image {id} could not be deleted: {e.Message}");
        }
    }
}
