"""pyasic, asked as one of its users would: get_miner, get_data, and the methods of the miner that it gives."""

import asyncio
import json
import logging
import warnings

import pyasic
from order_loop import obey
from pyasic.config import MinerConfig
from pyasic.config.pools import Pool, PoolConfig, PoolGroup
from pyasic.miners import whatsminer
from pyasic.miners.backends.cgminer import CGMiner

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

miners = {}


async def identify(order):
    miner = await pyasic.get_miner(order["address"])
    miners[order["address"]] = miner
    if miner is None:
        return None
    if "password" in order:
        miner.rpc.pwd = order["password"]
    return {"make": miner.make, "model": miner.raw_model, "firmware": miner.firmware}


async def by_hand(order):
    """A client that its search does not choose: that of a plain cgminer, or the one of this name."""
    name = order.get("client")
    miner = CGMiner(order["address"]) if name is None else getattr(whatsminer, name)(ip=order["address"])
    if "password" in order:
        miner.rpc.pwd = order["password"]
    miners[order["address"]] = miner
    return True


async def read(order):
    miner = miners[order["address"]]
    data = await miner.get_data(include=order.get("include"), exclude=order.get("exclude"))
    raw = data.raw_hashrate
    dump = json.loads(data.model_dump_json())
    # What the machine said itself; `hashrate` of the dump is the sum over the boards where there are any.
    dump["raw_hashrate"] = None if raw is None else json.loads(raw.model_dump_json())
    return dump


async def call(order):
    """A method of the miner: what it gave."""
    return await getattr(miners[order["address"]], order["method"])(*order.get("args", []))


async def rpc(order):
    """A method of its client of port 4028: the reply, decoded by pyasic."""
    return await getattr(miners[order["address"]].rpc, order["method"])(*order.get("args", []))


async def set_pools(order):
    miner = miners[order["address"]]
    config = await miner.get_config()
    pools = [Pool(url=p["url"], user=p["worker"], password=p["password"]) for p in order["pools"]]
    config.pools = PoolConfig(groups=[PoolGroup(pools=pools, name=order.get("group"))])
    return await miner.send_config(config)


async def config(order):
    read_back: MinerConfig = await miners[order["address"]].get_config()
    return json.loads(read_back.model_dump_json())


asyncio.run(
    obey(
        {
            "identify": identify,
            "by_hand": by_hand,
            "read": read,
            "call": call,
            "rpc": rpc,
            "set_pools": set_pools,
            "config": config,
        }
    )
)
