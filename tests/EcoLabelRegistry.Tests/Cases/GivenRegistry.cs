using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;
using MediatR;

namespace EcoLabelRegistry.Tests.Cases;

/// <summary>A small registry, as the writes that make it.</summary>
/// <param name="Text">The whole of it as JSON: registries with one text are one registry.</param>
/// <param name="Writes">The requests, in the order in which they name each other.</param>
/// <remarks>
/// Its members are lists of the bodies of writes. What no decision looks at may be left out: names, titles, authorities, the sources of
/// an attested agreement, the label body of a scheme (its own, with its code). Beside its body an agreement may have
/// <c>signedBy</c> (who signed, the proposer first; unless given, the first party alone), <c>accessions</c> (with their own
/// <c>signedBy</c>) and <c>events</c>. A certificate that is listed twice is written twice.
/// </remarks>
internal sealed record GivenRegistry(string Text, IReadOnlyList<GivenWrite> Writes)
{
    private static readonly string[] Kinds = ["categories", "labelBodies", "schemes", "standards", "agreements", "policies", "certificates"];

    /// <summary>The registry of a file with what a case adds; what has the same code is replaced.</summary>
    public static GivenRegistry Of(JsonObject? file, JsonObject? own)
    {
        var all = new JsonObject();
        foreach (var (kind, _) in (file ?? []).Concat(own ?? []))
        {
            Assert.Contains(kind, Kinds);
        }

        foreach (var kind in Kinds)
        {
            var added = Items(own, kind);
            var keys = added.Select(Key).ToHashSet(StringComparer.Ordinal);
            all[kind] = new JsonArray([.. Items(file, kind).Where(i => !keys.Contains(Key(i))).Concat(added).Select(i => i.DeepClone())]);
        }

        return new GivenRegistry(all.ToJsonString(), [.. WritesOf(all)]);
    }

    /// <summary>Writes it into a running registry.</summary>
    public Task SendAsync(RegistryApp app) => app.WithAsync<IMediator, bool>(async mediator =>
    {
        foreach (var write in Writes)
        {
            await write.SendAsync(mediator);
        }

        return true;
    });

    /// <summary>The level of a grant that is named as <c>agreement/grant</c>.</summary>
    public string LevelOf(string grant)
    {
        var agreement = Items(JsonNode.Parse(Text)!.AsObject(), "agreements").Single(a => grant.StartsWith($"{a["code"]}/", StringComparison.Ordinal));
        return (string)agreement["grants"]!.AsArray().Single(g => grant.EndsWith($"/{g!["id"]}", StringComparison.Ordinal))!["level"]!;
    }

    private static IEnumerable<GivenWrite> WritesOf(JsonObject all)
    {
        foreach (var item in Items(all, "categories"))
        {
            yield return Write(new PutCategory.Request(Read<CategoryEntry>(Named(item, "names", "code")), Actor.Registrar));
        }

        var bodyOf = Items(all, "schemes").ToDictionary(s => (string)s["code"]!, s => (string?)s["body"] ?? (string)s["code"]!, StringComparer.Ordinal);
        var bodies = Items(all, "labelBodies").ToList();
        bodies.AddRange(bodyOf.Values.Distinct(StringComparer.Ordinal).Except(bodies.Select(Key), StringComparer.Ordinal).Select(b => new JsonObject { ["code"] = b }));
        foreach (var item in bodies)
        {
            yield return Write(new PutLabelBody.Request(Read<LabelBodyEntry>(Named(item, "names", "code")), Actor.Registrar));
        }

        foreach (var item in Items(all, "schemes"))
        {
            item["body"] ??= (string)item["code"]!;
            yield return Write(new PutScheme.Request(Read<SchemeEntry>(Named(item, "names", "code")), Actor.Registrar));
        }

        foreach (var item in Items(all, "standards"))
        {
            item["number"] ??= (string)item["id"]!;
            yield return Write(new PutStandard.Request(Read<StandardEntry>(item), Actor.Registrar));
        }

        foreach (var write in Items(all, "agreements").SelectMany(a => WritesOfAgreement(a, scheme => Actor.OfBody(bodyOf[scheme]))))
        {
            yield return write;
        }

        foreach (var item in Items(all, "policies"))
        {
            item["authority"] ??= (string)item["code"]!;
            yield return Write(new PutPolicy.Request(Read<PolicyEntry>(Named(item, "names", "code")), Actor.Registrar));
        }

        foreach (var item in Items(all, "certificates"))
        {
            var body = Read<CertificateBody>(item);
            yield return Write(new RegisterCertificate.Request(body with { Events = null }, Actor.Registrar));
            foreach (var happened in body.Events ?? [])
            {
                yield return Write(new RecordCertificateEvent.Request(ProductIdentity.CertificateId(body.Scheme!, body.Number, body.Key), happened, Actor.Registrar));
            }
        }
    }

    private static IEnumerable<GivenWrite> WritesOfAgreement(JsonObject item, Func<string, Actor> bodyOf)
    {
        var signers = Take<List<string>>(item, "signedBy");
        var accessions = Take<List<JsonObject>>(item, "accessions") ?? [];
        var events = Take<List<AgreementEventBody>>(item, "events") ?? [];
        var isAttested = (bool?)item["attested"] == true;
        if (isAttested)
        {
            item["sources"] ??= new JsonArray(new JsonObject { ["title"] = "Invented" });
        }

        var body = Read<AgreementBody>(Named(item, "title", "code"));
        var code = body.Code!;
        signers ??= isAttested ? [] : [body.Parties![0]];
        yield return Write(new RegisterAgreement.Request(body, isAttested ? Actor.Registrar : bodyOf(signers[0])));
        foreach (var signer in isAttested ? signers : signers.Skip(1))
        {
            yield return Write(new SignAgreement.Request(code, body.TextHash(), bodyOf(signer)));
        }

        foreach (var accession in accessions)
        {
            var others = Take<List<string>>(accession, "signedBy") ?? [];
            var newcomer = Read<AccessionBody>(accession);
            yield return Write(new AccedeToAgreement.Request(code, newcomer, bodyOf(newcomer.Scheme!)));
            foreach (var signer in others)
            {
                yield return Write(new SignAgreement.Request(code, newcomer.TextHash(code), bodyOf(signer)));
            }
        }

        foreach (var happened in events)
        {
            yield return Write(new RecordAgreementEvent.Request(code, happened, happened.Party is { } party ? bodyOf(party) : Actor.Registrar));
        }
    }

    private static IReadOnlyList<JsonObject> Items(JsonObject? all, string kind) => [.. (all?[kind] as JsonArray ?? []).Select(i => i!.AsObject())];

    private static string Key(JsonObject item) => (string?)item["code"] ?? (string?)item["id"] ?? $"{item["scheme"]} {item["number"] ?? item["key"]}";

    private static JsonObject Named(JsonObject item, string member, string code)
    {
        item[member] ??= new JsonObject { ["en"] = (string)item[code]! };
        return item;
    }

    private static T? Take<T>(JsonObject item, string member)
    {
        var value = item[member].Deserialize<T>(RecordJson.Options);
        item.Remove(member);
        return value;
    }

    private static GivenWrite Write<T>(IRequest<T> request) => new(request, mediator => mediator.Send(request));

    private static T Read<T>(JsonObject item) => item.Deserialize<T>(RecordJson.Options)!;
}

/// <summary>One write of a given registry.</summary>
/// <param name="Request">What is written.</param>
/// <param name="SendAsync">Sends it.</param>
internal sealed record GivenWrite(object Request, Func<IMediator, Task> SendAsync);
