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
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;
using MediatR;

namespace EcoLabelRegistry.Reference;

/// <summary>Fills an empty registry with the reference registry, by the same requests that a write over HTTP takes, attested by the registrar.</summary>
/// <remarks>
/// Its files are bodies of these requests; a certificate carries its <c>events</c>, an agreement its <c>events</c>, and a sample of one its
/// <c>accessions</c> and who signs (<c>signedBy</c>). All of it commits together, so a first start that is interrupted leaves an empty registry.
/// </remarks>
public sealed class LoadReference(ChangeLog log, IMediator mediator, ILogger<LoadReference> logger)
{
    private const string Root = "reference/";

    private static readonly string[] Folders = ["", "samples/"];

    // Code of the label body by that of its scheme.
    private readonly Dictionary<string, string> _bodies = new(StringComparer.Ordinal);

    /// <summary>Loads everything into an empty registry, and changes nothing in one that is not empty.</summary>
    /// <returns>False when another server had filled it while this one waited for its turn to write.</returns>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var isEmpty = false;
        await log.BatchAsync(
            async () =>
            {
                // Asked here, under the lock of all writers: servers that start at once have all seen it empty before.
                isEmpty = await log.WriteAsync(write => Task.FromResult(write.Registry.Revision == 0), cancel);
                if (isEmpty)
                {
                    await LoadAsync(cancel);
                }
            },
            cancel,
            isPatient: true);
        return isEmpty;
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        // In the order in which they name each other; within a file, what is named comes before what names it.
        foreach (var folder in Folders)
        {
            await SendAsync<CategoryEntry>(folder + "categories", "parent", "code", e => new PutCategory.Request(e, Actor.Registrar), cancel);
            await SendAsync<LabelBodyEntry>(folder + "label-bodies", "successorOf", "code", e => new PutLabelBody.Request(e, Actor.Registrar), cancel);
            await SendAsync<SchemeEntry>(folder + "schemes", "parent", "code", ReadScheme, cancel);
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
    }

    private PutScheme.Request ReadScheme(SchemeEntry scheme)
    {
        _bodies[scheme.Code!] = scheme.Body!;
        return new PutScheme.Request(scheme, Actor.Registrar);
    }

    private async Task LoadAgreementsAsync(string folder, CancellationToken cancel)
    {
        var file = folder + "agreements";
        foreach (var item in InOrder(Items(file), "parent", "code"))
        {
            var signers = Take<List<string>>(item, "signedBy") ?? [];
            var accessions = Take<List<JsonObject>>(item, "accessions") ?? [];
            var events = Take<List<AgreementEventBody>>(item, "events") ?? [];
            var body = item.Deserialize<AgreementBody>(RecordJson.Options)!;
            var code = body.Code!;

            // The registrar attests and never signs: only invented bodies make proposals here.
            await SendAsync(file, code, new RegisterAgreement.Request(body, body.Attested == true ? Actor.Registrar : BodyOf(signers[0])), cancel);
            await SignAsync(body.TextHash(), body.Attested == true ? signers : signers.Skip(1));
            foreach (var accession in accessions)
            {
                var others = Take<List<string>>(accession, "signedBy") ?? [];
                var newcomer = accession.Deserialize<AccessionBody>(RecordJson.Options)!;
                await SendAsync(file, code, new AccedeToAgreement.Request(code, newcomer, BodyOf(newcomer.Scheme!)), cancel);
                await SignAsync(newcomer.TextHash(code), others);
            }

            foreach (var happened in events)
            {
                var by = happened.Party is { } party ? BodyOf(party) : Actor.Registrar;
                await SendAsync(file, code, new RecordAgreementEvent.Request(code, happened, by), cancel);
            }

            async Task SignAsync(string textHash, IEnumerable<string> schemes)
            {
                foreach (var scheme in schemes)
                {
                    await SendAsync(file, code, new SignAgreement.Request(code, textHash, BodyOf(scheme)), cancel);
                }
            }
        }
    }

    private Actor BodyOf(string scheme) => Actor.OfBody(_bodies[scheme]);

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
        cancel.ThrowIfCancellationRequested(); // a write inside a batch is never cut off, so that a stop is heeded between two of them
        try
        {
            return await mediator.Send(request, cancel);
        }
        catch (RefusalException refusal)
        {
            var faults = string.Join(" ", refusal.Faults.Select(f => $"{f.Member}: {f.Message.In(Language.English)}"));
            throw new StartupException(new Message("start.reference-refused", file, item, refusal.Detail, faults), refusal);
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

    private static T? Take<T>(JsonObject item, string member)
    {
        var value = item[member].Deserialize<T>(RecordJson.Options);
        item.Remove(member);
        return value;
    }

    private static List<JsonObject> Items(string file)
    {
        using var stream = Open(file + ".json");
        return stream is null ? [] : [.. JsonNode.Parse(stream)!.AsArray().Select(i => i!.AsObject())];
    }

    private static Stream? Open(string file) => Assembly.GetExecutingAssembly().GetManifestResourceStream(Root + file);
}
