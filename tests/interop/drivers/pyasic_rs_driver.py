"""pyasic_rs (asic-rs), asked as one of its users would: MinerFactory.get_miner, get_data, and the miner's methods."""

import asyncio

from order_loop import obey
from pyasic_rs.config import FanConfig, Pool, PoolGroup
from pyasic_rs.factory import MinerFactory

miners = {}


async def identify(order):
    miner = await MinerFactory().get_miner(order["address"])
    miners[order["address"]] = miner
    if miner is None:
        return None
    if "password" in order:
        miner.set_auth(order["username"], order["password"])
    return {
        "make": miner.make,
        "model": miner.model,
        "firmware": miner.firmware,
        "can": [name[len("supports_") :] for name in dir(miner) if name.startswith("supports_") and getattr(miner, name)],
    }


async def read(order):
    data = await miners[order["address"]].get_data()
    dump = data.model_dump()
    dump["uptime_s"] = None if data.uptime is None else data.uptime.total_seconds()
    return dump


async def call(order):
    return await getattr(miners[order["address"]], order["method"])(*order.get("args", []))


async def set_pools(order):
    pools = [Pool.model_validate({"url": p["url"], "username": p["worker"], "password": p["password"]}) for p in order["pools"]]
    return await miners[order["address"]].set_pools_config([PoolGroup(name=order.get("group", ""), quota=1, pools=pools)])


async def set_fan(order):
    return await miners[order["address"]].set_fan_config(FanConfig.manual(order["percent"]))


asyncio.run(obey({"identify": identify, "read": read, "call": call, "set_pools": set_pools, "set_fan": set_fan}))
