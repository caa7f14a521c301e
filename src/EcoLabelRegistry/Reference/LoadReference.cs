using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;
using MediatR;

namespace EcoLabelRegistry.Reference;

/// <summary>Fills an empty registry with the reference registry, by the same requests that a write over HTTP takes, attested by the registrar.</summary>
/// <remarks>Its files are bodies of these requests. All of it commits together, so a first start that is interrupted leaves an empty registry.</remarks>
public sealed class LoadReference(ChangeLog log, IMediator mediator, ILogger<LoadReference> logger)
{
    private const string Root = "reference/";

    private static readonly string[] Folders = ["", "samples/"];

    /// <summary>Loads everything. Call only on an empty registry.</summary>
    public Task RunAsync(CancellationToken cancel) => log.BatchAsync(
        async () =>
        {
            // In the order in which they name each other; within a file, what is named comes before what names it.
            foreach (var folder in Folders)
            {
                await SendAsync<CategoryEntry>(folder + "categories", "parent", "code", e => new PutCategory.Request(e, Actor.Registrar), cancel);
                await SendAsync<LabelBodyEntry>(folder + "label-bodies", "successorOf", "code", e => new PutLabelBody.Request(e, Actor.Registrar), cancel);
                await SendAsync<SchemeEntry>(folder + "schemes", "parent", "code", e => new PutScheme.Request(e, Actor.Registrar), cancel);
                await SendAsync<StandardEntry>(folder + "standards", "supersedes", "id", e => new PutStandard.Request(e, Actor.Registrar), cancel);
                await LoadAgreementsAsync(folder, cancel);
                await SendAsync<PolicyEntry>(folder + "policies", null, "code", e => new PutPolicy.Request(e, Actor.Registrar), cancel);
                await LoadCertificatesAsync(folder, cancel);
            }

            foreach (var register in EnergyStarRegister.All)
            {
                await using var csv = Open(register.File)!;
                var read = register.Read(csv);
                logger.LogInformation(
                    "{File}: {Rows} certificates; {Refused} texts refused, of which their product lines keep a note.", register.File, read.Rows.Count, read.Refused.Count);
                await SendAsync(register.File, "", new ImportRegister.Request("energy-star", read.Rows, [register.Source], Actor.Registrar), cancel);
            }
        },
        cancel);

    private async Task LoadAgreementsAsync(string folder, CancellationToken cancel)
    {
        foreach (var item in InOrder(Items(folder + "agreements"), "parent", "code"))
        {
            var events = item["events"]?.Deserialize<List<AgreementEventEntry>>(RecordJson.Options) ?? [];
            item.Remove("events");
            var body = item.Deserialize<AgreementBody>(RecordJson.Options)!;
            await SendAsync(folder + "agreements", body.Code!, new RegisterAgreement.Request(body, Actor.Registrar), cancel);
            foreach (var happened in events)
            {
                await SendAsync(folder + "agreements", body.Code!, new RecordAgreementEvent.Request(body.Code!, happened, Actor.Registrar), cancel);
            }
        }
    }

    private async Task LoadCertificatesAsync(string folder, CancellationToken cancel)
    {
        foreach (var item in Items(folder + "certificates"))
        {
            var body = item.Deserialize<CertificateBody>(RecordJson.Options)!;
            var name = $"{body.Scheme} {body.Number ?? body.Key}";
            var written = await SendAsync(
                folder + "certificates", name, new RegisterCertificate.Request(body with { Events = null }, Actor.Registrar), cancel);
            foreach (var happened in body.Events ?? [])
            {
                await SendAsync(folder + "certificates", name, new RecordCertificateEvent.Request(written.Id, happened, Actor.Registrar), cancel);
            }
        }
    }

    private async Task SendAsync<T>(string file, string? link, string key, Func<T, IRequest<Written>> request, CancellationToken cancel)
    {
        foreach (var item in InOrder(Items(file), link, key))
        {
            await SendAsync(file, (string)item[key]!, request(item.Deserialize<T>(RecordJson.Options)!), cancel);
        }
    }

    private async Task<TResponse> SendAsync<TResponse>(string file, string item, IRequest<TResponse> request, CancellationToken cancel)
    {
        try
        {
            return await mediator.Send(request, cancel);
        }
        catch (RefusalException refusal)
        {
            var faults = string.Join(" ", refusal.Faults.Select(f => $"{f.Member}: {f.Message.In(Language.English)}"));
            throw new StartupException($"The reference registry cannot be loaded: {file} {item}: {refusal.Detail.In(Language.English)} {faults}", refusal);
        }
    }

    /// <summary>The items with those that others name first.</summary>
    private static List<JsonObject> InOrder(List<JsonObject> items, string? link, string key)
    {
        if (link is null)
        {
            return items;
        }

        var byKey = items.ToDictionary(i => (string)i[key]!, StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var ordered = new List<JsonObject>(items.Count);
        foreach (var item in items)
        {
            Visit(item);
        }

        return ordered;

        void Visit(JsonObject item)
        {
            if (done.Add((string)item[key]!))
            {
                if ((string?)item[link] is { } named && byKey.TryGetValue(named, out var first))
                {
                    Visit(first);
                }

                ordered.Add(item);
            }
        }
    }

    private static List<JsonObject> Items(string file)
    {
        using var stream = Open(file + ".json");
        return stream is null ? [] : [.. JsonNode.Parse(stream)!.AsArray().Select(i => i!.AsObject())];
    }

    private static Stream? Open(string file) => Assembly.GetExecutingAssembly().GetManifestResourceStream(Root + file);
}
