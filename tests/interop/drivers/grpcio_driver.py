"""grpcio, the gRPC client of its makers, with nothing but what the machine tells of itself through server reflection."""

import asyncio

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from order_loop import obey

PORT = 50051
LIMIT_S = 20

machines = {}


class Machine:
    def __init__(self, address):
        self.channel = grpc.insecure_channel(f"{address}:{PORT}")
        self.reflection = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = descriptor_pool.DescriptorPool(self.reflection)


def at(order):
    address = order["address"]
    if address not in machines:
        machines[address] = Machine(address)
    return machines[address]


def services(order):
    return sorted(at(order).reflection.get_services())


def methods(order):
    """The methods of a service, each with what it takes and whose messages are many."""
    service = at(order).pool.FindServiceByName(order["service"])
    return [
        {
            "name": method.name,
            "input": method.input_type.full_name,
            "streams": [method.client_streaming, method.server_streaming],
        }
        for method in service.methods
    ]


def fields(order):
    """The fields of a message, as name and number."""
    message = at(order).pool.FindMessageTypeByName(order["message"])
    return [f"{field.name} = {field.number}" for field in message.fields]


def plain(message):
    """A message in the form of the machine's own REST API: numbers for enums, a oneof as one member under its name."""
    if message.DESCRIPTOR.full_name == "google.protobuf.Struct":
        return json_format.MessageToDict(message)
    if message.DESCRIPTOR.file.name == "google/protobuf/wrappers.proto":
        return message.value
    document = {}
    for field, value in message.ListFields():
        oneof = field.containing_oneof
        if oneof is None or oneof.name.startswith("_"):
            document[field.name] = told(field, value)
        else:
            document[oneof.name] = {field.name.replace("_", ""): told(field, value)}
    return document


def told(field, value):
    if field.message_type is None:
        return list(value) if field.is_repeated else value
    if field.message_type.GetOptions().map_entry:
        of = field.message_type.fields_by_name["value"]
        return {str(key): value[key] if of.message_type is None else plain(value[key]) for key in value}
    return [plain(one) for one in value] if field.is_repeated else plain(value)


def call(order):
    """One method with one message: its reply, of a stream the first; or the status that it ended with."""
    machine = at(order)
    service, name = order["method"].split("/")
    method = machine.pool.FindServiceByName(service).methods_by_name[name]
    request = json_format.ParseDict(order.get("message", {}), message_factory.GetMessageClass(method.input_type)())
    reply_of = message_factory.GetMessageClass(method.output_type).FromString
    metadata = [("authorization", order["token"])] if "token" in order else []
    how = machine.channel.unary_stream if method.server_streaming else machine.channel.unary_unary
    stub = how(f"/{order['method']}", request_serializer=type(request).SerializeToString, response_deserializer=reply_of)
    try:
        if method.server_streaming:
            stream = stub(request, timeout=LIMIT_S, metadata=metadata)
            reply = next(stream)
            headers = stream.initial_metadata()
            stream.cancel()
        else:
            reply, under_way = stub.with_call(request, timeout=LIMIT_S, metadata=metadata)
            headers = under_way.initial_metadata()
    except grpc.RpcError as error:
        return {"status": error.code().name, "text": error.details()}
    return {"status": "OK", "reply": plain(reply), "token": dict(headers).get("authorization")}


def beside(work):
    async def handler(order):
        return await asyncio.to_thread(work, order)

    return handler


asyncio.run(obey({work.__name__: beside(work) for work in (services, methods, fields, call)}))
